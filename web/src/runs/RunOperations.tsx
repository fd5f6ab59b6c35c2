import { Text } from '@mantine/core'
import type { Shapes } from '../api/client.ts'
import { ProblemPanel } from '../components/ProblemPanel.tsx'
import { titleOf } from '../components/problem-words.ts'
import { duration } from '../components/time.tsx'
import { kindLabel } from '../kinds/registry.ts'
import { ActionBadge } from '../plans/ActionBadge.tsx'
import { hasEnded, RunState } from './RunState.tsx'
import classes from './runs.module.css'

/** The operations of a run in their order, with how each went. Nothing is waiting or being sent once a run has stopped. */
export function RunOperations({
  operations,
  state,
}: {
  operations: Shapes['RunOperation'][]
  state: Shapes['RunState']
}) {
  return (
    <ol className={classes.operations}>
      {operations.map((operation, index) => (
        <li key={operation.operationId} className={classes.item} data-state={operation.state}>
          <div className={classes.operation}>
            <Text span size="xs" c="dimmed" ta="right">
              {index + 1}
            </Text>
            <ActionBadge action={operation.action} />
            <div style={{ minWidth: 0 }}>
              <Text size="sm" fw={600} className="long-name">
                <bdi>{operation.name}</bdi>{' '}
                <Text span size="xs" c="dimmed" fw={400}>
                  {kindLabel(operation.kind)}
                </Text>
              </Text>
              {operation.problem && state === 'failed' && (
                <Text size="xs" c="var(--state-ambiguous)">
                  {titleOf(operation.problem)}. Why, and what to do, stands at the top.
                </Text>
              )}
              {operation.note && (
                <Text size="xs" c="dimmed">
                  {operation.note}
                </Text>
              )}
            </div>
            <RunState state={stateWithin(state, operation.state)} />
            <Text size="xs" c="dimmed" ta="right" style={{ fontVariantNumeric: 'tabular-nums' }}>
              {operation.startedAt && operation.endedAt ? duration(operation.startedAt, operation.endedAt) : ''}
            </Text>
          </div>
          {operation.problem && state !== 'failed' && state !== 'running' && (
            <div style={{ padding: '0 14px 14px 56px' }}>
              <ProblemPanel problem={operation.problem} />
            </div>
          )}
        </li>
      ))}
    </ol>
  )
}

function stateWithin(
  run: Shapes['RunState'],
  operation: Shapes['RunOperation']['state'],
): Shapes['RunOperation']['state'] | 'unknown' {
  if (operation === 'sending' && run !== 'running') return 'unknown'
  return operation === 'pending' && hasEnded(run) ? 'skipped' : operation
}
