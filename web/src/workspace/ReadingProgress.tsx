import { Button, Group, Progress, Stack, Text } from '@mantine/core'
import { useThrottledValue } from '@mantine/hooks'
import { IconClockPause } from '@tabler/icons-react'
import type { Shapes } from '../api/client.ts'
import { count } from '../components/count.ts'

interface ReadingProgressProps {
  progress: Shapes['ReadProgress'] | undefined
  onCancel: () => void
}

/** What is being read, how far it is, what it costs, and whether it waits for the rate limit. */
export function ReadingProgress({ progress, onCancel }: ReadingProgressProps) {
  const spoken = useThrottledValue(progress ? sentence(progress) : 'Reading starts.', 3000)
  const share = progress && progress.total > 0 ? (progress.done / progress.total) * 100 : 0
  return (
    <div className="card">
      <Stack p="md" gap="xs">
        <Group justify="space-between" wrap="nowrap">
          <Text size="sm" fw={550}>
            {progress?.label ?? 'Starting to read…'}
          </Text>
          <Button size="compact-sm" variant="default" onClick={onCancel}>
            Cancel
          </Button>
        </Group>
        <Progress value={share} size="sm" animated={share < 100} aria-label="Reading" />
        <Group gap="md">
          <Text size="xs" c="dimmed" style={{ fontVariantNumeric: 'tabular-nums' }}>
            {progress
              ? `${progress.done} of ${progress.total} · ${count(progress.requests, 'request')}`
              : 'Asking the console'}
          </Text>
          {progress?.waitingSeconds !== undefined && progress.waitingSeconds > 0 && (
            <Group gap={4}>
              <IconClockPause size={14} color="var(--state-warning)" aria-hidden />
              <Text size="xs" c="var(--state-warning)">
                waiting {Math.ceil(progress.waitingSeconds)} s for the rate limit; it goes on by itself
              </Text>
            </Group>
          )}
        </Group>
        <div className="visually-hidden" role="status">
          {spoken}
        </div>
      </Stack>
    </div>
  )
}

function sentence(progress: Shapes['ReadProgress']): string {
  const waiting = progress.waitingSeconds ? ', waiting for the rate limit' : ''
  return `${progress.label}: ${progress.done} of ${progress.total}${waiting}`
}
