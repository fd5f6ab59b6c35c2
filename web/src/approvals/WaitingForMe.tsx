import { Badge } from '@mantine/core'
import { useSelection } from '../shell/selection.ts'
import { useWaitingForMe } from './queries.ts'

/** How many plans wait for whoever is signed in; nothing when none does. */
export function WaitingForMe() {
  const { tenantId } = useSelection()
  const waiting = useWaitingForMe(tenantId)
  if (waiting === 0) return null
  return (
    <Badge size="sm" ml="auto" color="accent">
      {waiting}
      <span className="visually-hidden">{waiting === 1 ? ' waits for you' : ' wait for you'}</span>
    </Badge>
  )
}
