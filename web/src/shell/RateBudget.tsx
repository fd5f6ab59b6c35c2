import { Group, Popover, Progress, Stack, Text, UnstyledButton } from '@mantine/core'
import { useInterval } from '@mantine/hooks'
import { IconClockPause, IconGauge } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Shapes } from '../api/client.ts'
import { rateBudgetQuery } from '../api/queries.ts'
import { useAway } from '../session/use-away.ts'

/** How many of the requests that FlightIQ allows itself were used in the last minute, and whether PingOne said to wait. */
export function RateBudget({ tenantId }: { tenantId: string }) {
  const away = useAway()
  const query = rateBudgetQuery(tenantId)
  const { data: budget } = useQuery({ ...query, enabled: tenantId !== '', ...(away ? { refetchInterval: false } : {}) })
  // Without a limit there is nothing to watch.
  if (!budget || budget.perMinute >= Number.MAX_SAFE_INTEGER) return null
  return <Budget budget={budget} />
}

function Budget({ budget }: { budget: Shapes['RateBudget'] }) {
  const wait = useSecondsUntil(budget.throttledUntil)
  const share = Math.min(100, (budget.used / Math.max(1, budget.perMinute)) * 100)
  const perMinute = Math.round(budget.perMinute)
  const color = wait > 0 ? 'red' : share > 80 ? 'orange' : 'accent'
  return (
    <Popover width={320} position="bottom-end" withArrow>
      <Popover.Target>
        <UnstyledButton
          px={8}
          py={4}
          aria-label={
            wait > 0 ? `PingOne asked to wait ${wait} s` : `Requests in the last minute: ${budget.used} / ${perMinute}`
          }
        >
          <Group gap={8} wrap="nowrap">
            {wait > 0 ? (
              <IconClockPause size={18} color="var(--state-ambiguous)" aria-hidden />
            ) : (
              <IconGauge size={18} stroke={1.7} color="var(--mantine-color-dimmed)" aria-hidden />
            )}
            <Stack gap={3} w={64}>
              <Text size="xs" style={{ fontVariantNumeric: 'tabular-nums' }} lh={1.2}>
                {wait > 0 ? `wait ${wait} s` : `${budget.used} / ${perMinute}`}
              </Text>
              <Progress value={share} size={3} color={color} aria-label="Requests used in the last minute" />
            </Stack>
          </Group>
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown>
        <Stack gap="xs">
          <Text size="sm" fw={600}>
            Requests to PingOne
          </Text>
          <Text size="sm">
            {budget.used} of {perMinute} sent in the last minute
            {budget.waiting > 0 ? `, ${budget.waiting} waiting for their turn` : ''}.
          </Text>
          {wait > 0 && (
            <Text size="sm" c="var(--state-ambiguous)">
              PingOne asked to wait. Requests go on in {wait} seconds by themselves.
            </Text>
          )}
          <Text size="xs" c="dimmed">
            PingOne limits requests for the whole licence. FlightIQ takes only a share of that, so that others in your
            organization are not held up
            {budget.learned ? '; the share was lowered since PingOne said it was too much' : ''}.
          </Text>
        </Stack>
      </Popover.Dropdown>
    </Popover>
  )
}

function useSecondsUntil(time: string | undefined): number {
  const [now, setNow] = useState(() => Date.now())
  useInterval(() => setNow(Date.now()), 1000, { autoInvoke: true })
  return time ? Math.max(0, Math.ceil((Date.parse(time) - now) / 1000)) : 0
}
