import { Badge } from '@mantine/core'
import type { Shapes } from '../api/client.ts'

type State = Shapes['Approval']['state']

const looks: Record<State, { label: string; color: string }> = {
  open: { label: 'Waiting', color: 'accent' },
  approved: { label: 'Approved', color: 'green' },
  declined: { label: 'Declined', color: 'red' },
  expired: { label: 'Expired', color: 'gray' },
  void: { label: 'Void', color: 'gray' },
  used: { label: 'Run', color: 'gray' },
}

/** How an approval stands. */
export function ApprovalState({ state }: { state: State }) {
  const { label, color } = looks[state]
  return (
    <Badge variant="light" color={color}>
      {label}
    </Badge>
  )
}
