import { IconArrowLeft, IconArrowRight, IconCheck, IconEqualNot, IconHelp } from '@tabler/icons-react'
import type { Shapes } from '../api/client.ts'
import classes from './StateBadge.module.css'

type MatchState = Shapes['MatchState']

/** The states of a match in the order they are listed, most urgent first. */
export const matchStates: MatchState[] = ['different', 'onlyInSource', 'onlyInDestination', 'ambiguous', 'identical']

/** What a state is called on screen. */
export const stateLabel: Record<MatchState, string> = {
  identical: 'Identical',
  different: 'Different',
  onlyInSource: 'Only in source',
  onlyInDestination: 'Only in destination',
  ambiguous: 'Ambiguous',
}

const icons = {
  identical: IconCheck,
  different: IconEqualNot,
  onlyInSource: IconArrowLeft,
  onlyInDestination: IconArrowRight,
  ambiguous: IconHelp,
}

/** How two sides stand to each other: sign, word and colour. */
export function StateBadge({ state }: { state: MatchState }) {
  const Icon = icons[state]
  return (
    <span className={classes.badge} data-state={state}>
      <Icon size={14} stroke={2.2} aria-hidden />
      {stateLabel[state]}
    </span>
  )
}
