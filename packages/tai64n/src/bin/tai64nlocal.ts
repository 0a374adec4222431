import { main } from '@daemontools-ts/command'
import { getenv, inherited } from '@daemontools-ts/unix'
import { filter } from '../filter.ts'
import { LineLocalizer } from '../local.ts'

main('tai64nlocal', () => {
  const zone = getenv(inherited().environment, 'TZ')
  if (zone !== undefined) process.env['TZ'] = zone
  const localizer = new LineLocalizer()
  filter((piece) => localizer.localize(piece), () => localizer.end())
})
