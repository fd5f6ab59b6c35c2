import { Group, Stack, Text } from '@mantine/core'
import { IconCircleCheck, IconCircleDashed, IconCircleX } from '@tabler/icons-react'

export interface Check {
  name: string
  outcome: 'passed' | 'failed' | 'skipped'
  detail: string
}

/** What was tried, one line each, with how it went. */
export function CheckList({ checks }: { checks: readonly Check[] }) {
  return (
    <Stack gap={8} component="ul" style={{ listStyle: 'none', margin: 0, padding: 0 }} aria-label="What was tried">
      {checks.map((check) => (
        <Group component="li" key={check.name} gap={10} align="flex-start" wrap="nowrap">
          <CheckSign outcome={check.outcome} />
          <div style={{ minWidth: 0 }}>
            <Text size="sm" fw={550}>
              {check.name}
            </Text>
            <Text size="sm" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
              {check.detail}
            </Text>
          </div>
        </Group>
      ))}
    </Stack>
  )
}

function CheckSign({ outcome }: { outcome: Check['outcome'] }) {
  const style = { flexShrink: 0, marginTop: 1 }
  if (outcome === 'passed') {
    return <IconCircleCheck size={18} color="var(--state-identical)" style={style} role="img" aria-label="Passed" />
  }
  if (outcome === 'failed') {
    return <IconCircleX size={18} color="var(--state-ambiguous)" style={style} role="img" aria-label="Failed" />
  }
  return (
    <IconCircleDashed size={18} color="var(--mantine-color-dimmed)" style={style} role="img" aria-label="Not tried" />
  )
}
