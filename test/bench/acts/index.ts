import type { Act } from '../act.ts'
import { crash } from './crash.ts'
import { latency } from './latency.ts'
import { link } from './link.ts'
import { logger } from './logger.ts'
import { logs } from './logs.ts'
import { many } from './many.ts'
import { stamp } from './stamp.ts'
import { start } from './start.ts'
import { svc } from './svc.ts'

export const acts: readonly Act[] = [link, crash, svc, ...start, ...many, ...logs, ...logger, ...stamp, latency]

/** For --only. */
export const words: readonly string[] = [...new Set(acts.flatMap(({ group, rows }) => [group, ...rows.map(({ id }) => id)]))]
