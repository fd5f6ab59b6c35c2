import { Badge, Group, Stack, Text, UnstyledButton } from '@mantine/core'
import { IconCheck, IconChevronRight, IconHandStop } from '@tabler/icons-react'
import { useState } from 'react'
import type { Shapes } from '../api/client.ts'
import compare from '../compare/compare.module.css'
import { DifferenceList } from '../compare/DifferenceList.tsx'
import { count } from '../components/count.ts'
import { EmptyState } from '../components/EmptyState.tsx'
import { kindLabel, viewOf } from '../kinds/registry.ts'
import { ActionBadge } from './ActionBadge.tsx'
import classes from './plans.module.css'

type Operation = Shapes['Operation']

/** The operations of a plan in their order, each with its reason and, for an update, its differences. */
export function Operations({ operations }: { operations: Operation[] }) {
  if (operations.length === 0) {
    return (
      <EmptyState icon={IconCheck} title="Nothing to do">
        The destination already agrees with the source in all that was selected.
      </EmptyState>
    )
  }
  return (
    <ol className={classes.operations}>
      {operations.map((operation, index) => (
        <OperationItem key={operation.id} operation={operation} number={index + 1} />
      ))}
    </ol>
  )
}

function OperationItem({ operation, number }: { operation: Operation; number: number }) {
  const [open, setOpen] = useState(false)
  const hasMore = operation.differences.length > 0
  return (
    <li className={classes.operation}>
      <UnstyledButton
        className={classes.operationHead}
        onClick={() => setOpen(!open)}
        aria-expanded={hasMore ? open : undefined}
        disabled={!hasMore}
      >
        <Text span size="xs" c="dimmed" ta="right" style={{ fontVariantNumeric: 'tabular-nums' }}>
          {number}
        </Text>
        <ActionBadge action={operation.action} />
        <div style={{ minWidth: 0 }}>
          <Group gap={8} wrap="nowrap" align="baseline">
            <Text span size="sm" fw={600} className="long-name">
              <bdi>{operation.name}</bdi>
            </Text>
            <Text span size="xs" c="dimmed" style={{ whiteSpace: 'nowrap' }}>
              {kindLabel(operation.kind)}
            </Text>
            {operation.placeholder && (
              <Badge size="sm" color="gray">
                Shell first
              </Badge>
            )}
          </Group>
          <Text size="xs" c="dimmed" className="long-name">
            {operation.reason}
          </Text>
        </div>
        {hasMore && (
          <Group gap={4} wrap="nowrap">
            <Text span size="xs" c="dimmed">
              {count(operation.differences.length, 'difference')}
            </Text>
            <IconChevronRight size={15} aria-hidden className={compare.chevron} data-open={open} />
          </Group>
        )}
      </UnstyledButton>
      {operation.followUp.length > 0 && (
        <Stack gap={2} px={56} pb="xs">
          {operation.followUp.map((step) => (
            <Group key={step} gap={6} wrap="nowrap" align="flex-start">
              <IconHandStop
                size={15}
                color="var(--state-warning)"
                style={{ flexShrink: 0, marginTop: 2 }}
                aria-hidden
              />
              <Text size="xs" className="long-name">
                <strong>By hand afterwards:</strong> {step}
              </Text>
            </Group>
          ))}
        </Stack>
      )}
      {open && (
        <div className={classes.operationBody}>
          <DifferenceList
            differences={operation.differences}
            sections={viewOf(operation.kind)?.sections ?? {}}
            compact
          />
        </div>
      )}
    </li>
  )
}
