import { main } from '@daemontools-ts/command'
import { liveThriftily } from '@daemontools-ts/unix'
import { multilogd } from '../shared/multilogd.ts'
import { showAs } from '../title.ts'

main('multilogd', (args) => {
  liveThriftily()
  showAs('multilogd', args)
  multilogd(args)
})
