import { main } from '@daemontools-ts/command'
import { multilogd } from '../shared/multilogd.ts'
import { showAs } from '../title.ts'

main('multilogd', (args) => {
  showAs('multilogd', args)
  multilogd(args)
})
