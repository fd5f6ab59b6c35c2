import { Group, Text, UnstyledButton } from '@mantine/core'
import type { Shapes } from '../api/client.ts'
import { matchStates, StateBadge } from '../components/StateBadge.tsx'
import classes from './workspace.module.css'

type MatchState = Shapes['MatchState']

interface StateFilterProps {
  counts: Partial<Record<MatchState, number>>
  chosen: ReadonlySet<MatchState>
  onToggle: (state: MatchState) => void
}

/** How many rows are in each state; pressing one shows only those. */
export function StateFilter({ counts, chosen, onToggle }: StateFilterProps) {
  return (
    <Group gap={6} role="group" aria-label="Filter by match">
      {matchStates
        .filter((state) => counts[state] || chosen.has(state))
        .map((state) => (
          <UnstyledButton
            key={state}
            className={classes.chip}
            aria-pressed={chosen.has(state)}
            onClick={() => onToggle(state)}
          >
            <StateBadge state={state} />
            <Text span size="sm" fw={600} style={{ fontVariantNumeric: 'tabular-nums' }}>
              {counts[state] ?? 0}
            </Text>
          </UnstyledButton>
        ))}
    </Group>
  )
}
