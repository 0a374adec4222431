/** Service directories for tests, good ones until something is done to them. */
import * as fs from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Test } from 'tap'

export const goodRun = '#!/bin/sh\nexec 2>&1\nexec sleep 100000\n'

/** A service directory with a log: nothing is wrong with it. */
export class Service {
  readonly folder: string
  readonly path: string
  readonly log: string

  constructor(t: Test, name = 'good') {
    this.folder = fs.realpathSync(fs.mkdtempSync(join(tmpdir(), 'daemontools-test-')))
    fs.chmodSync(this.folder, 0o755)
    t.teardown(() => fs.rmSync(this.folder, { recursive: true, force: true }))
    this.path = `${this.folder}/root/${name}`
    this.log = `${this.folder}/log`
    fs.mkdirSync(this.log, { mode: 0o700 })
    this.write('run', goodRun).write('log/run', `#!/bin/sh\nexec multilog t ${this.log}\n`)
    fs.chmodSync(this.path, 0o755)
  }

  get root(): string {
    return dirname(this.path)
  }

  write(name: string, text: string, mode = /(^|\/)(run|finish|check)$/.test(name) ? 0o755 : 0o644): this {
    const path = join(this.path, name)
    fs.mkdirSync(dirname(path), { recursive: true })
    fs.writeFileSync(path, text)
    fs.chmodSync(path, mode)
    return this
  }

  /** `run` with these lines behind `exec 2>&1`. */
  run(...lines: string[]): this {
    return this.write('run', `#!/bin/sh\nexec 2>&1\n${lines.join('\n')}\n`)
  }

  logRun(line: string): this {
    return this.write('log/run', `#!/bin/sh\n${line}\n`)
  }
}
