import { main } from '@daemontools-ts/command'
import { getenv, inherited, setTimeZone } from '@daemontools-ts/unix'
import { tellLocal } from '../calendar.ts'
import { filter } from '../filter.ts'
import { LineLocalizer } from '../local.ts'

main('tai64nlocal', () => {
  setTimeZone(getenv(inherited().environment, 'TZ'))
  const localizer = new LineLocalizer(tellLocal)
  filter((piece) => localizer.localize(piece), () => localizer.end())
})
