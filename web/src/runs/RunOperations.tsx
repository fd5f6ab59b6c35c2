import { Text } from '@mantine/core'
import type { Shapes } from '../api/client.ts'
import { ProblemPanel } from '../components/ProblemPanel.tsx'
import { duration } from '../components/time.tsx'
import { kindLabel } from '../kinds/registry.ts'
import { ActionBadge } from '../plans/ActionBadge.tsx'
import { RunState } from './RunState.tsx'
import classes from './runs.module.css'

/** The operations of a run in their order, with how each went. */
export function RunOperations({ operations, ended }: { operations: Shapes['RunOperation'][]; ended: boolean }) {
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
              <Text size="sm" fw={600} truncate>
                {operation.name}{' '}
                <Text span size="xs" c="dimmed" fw={400}>
                  {kindLabel(operation.kind)}
                </Text>
              </Text>
              {operation.note && (
                <Text size="xs" c="dimmed">
                  {operation.note}
                </Text>
              )}
            </div>
            <RunState state={ended && operation.state === 'pending' ? 'skipped' : operation.state} />
            <Text size="xs" c="dimmed" ta="right" style={{ fontVariantNumeric: 'tabular-nums' }}>
              {operation.startedAt && operation.endedAt ? duration(operation.startedAt, operation.endedAt) : ''}
            </Text>
          </div>
          {operation.problem && (
            <div style={{ padding: '0 14px 14px 56px' }}>
              <ProblemPanel problem={operation.problem} />
            </div>
          )}
        </li>
      ))}
    </ol>
  )
}
