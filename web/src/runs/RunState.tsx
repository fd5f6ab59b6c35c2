import { Loader } from '@mantine/core'
import {
  IconAlertTriangle,
  IconCircleCheck,
  IconCircleDashed,
  IconCircleMinus,
  IconCircleX,
  IconClock,
  IconPlayerStop,
  IconQuestionMark,
} from '@tabler/icons-react'
import type { Shapes } from '../api/client.ts'
import classes from './runs.module.css'

type State = Shapes['RunState'] | Shapes['RunOperation']['state'] | 'unknown'

const looks: Record<State, { label: string; tone: string; icon?: typeof IconClock }> = {
  queued: { label: 'Queued', tone: 'quiet', icon: IconClock },
  running: { label: 'Running', tone: 'active' },
  done: { label: 'Done', tone: 'good', icon: IconCircleCheck },
  failed: { label: 'Failed', tone: 'bad', icon: IconCircleX },
  cancelled: { label: 'Cancelled', tone: 'warning', icon: IconPlayerStop },
  interrupted: { label: 'Interrupted', tone: 'warning', icon: IconAlertTriangle },
  pending: { label: 'Waiting', tone: 'quiet', icon: IconCircleDashed },
  sending: { label: 'Sending', tone: 'active' },
  unknown: { label: 'Not known', tone: 'warning', icon: IconQuestionMark },
  skipped: { label: 'Not done', tone: 'quiet', icon: IconCircleMinus },
}

/** The state of a run or of one of its operations: sign, word and colour. */
export function RunState({ state }: { state: State }) {
  const { label, tone, icon: Icon } = looks[state]
  return (
    <span className={classes.state} data-tone={tone}>
      {Icon ? <Icon size={15} aria-hidden /> : <Loader size={13} aria-hidden />}
      {label}
    </span>
  )
}

/** Whether nothing more happens in a run by itself. */
export const hasEnded = (state: Shapes['RunState']): boolean =>
  state === 'done' || state === 'failed' || state === 'cancelled'
