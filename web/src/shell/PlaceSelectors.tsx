import { ActionIcon, Group, Text, Tooltip } from '@mantine/core'
import { IconArrowsLeftRight } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { noEnvironmentSeen } from '../access/no-environment.ts'
import { problemOf } from '../api/client.ts'
import { environmentsQuery, tenantsQuery } from '../api/queries.ts'
import { DestinationMark } from '../guards/DestinationMark.tsx'
import { EnvironmentSelect, HeaderSelect } from './EnvironmentSelect.tsx'
import { environmentIdOf, placeOf, useSelection } from './selection.ts'

/** Org Root, source and destination: what the whole app is pointed at. */
export function PlaceSelectors() {
  const { tenantId, from, to, chooseTenant, chooseSource, chooseDestination, swap } = useSelection()
  const tenants = useQuery(tenantsQuery)
  const environments = useQuery(environmentsQuery(tenantId))
  const problem = environments.isError
    ? problemOf(environments.error)
    : environments.data?.length === 0
      ? noEnvironmentSeen
      : undefined
  const told = problem === noEnvironmentSeen ? problem.title : (problem?.diagnosis?.explanation ?? problem?.detail)
  return (
    <Group gap="xs" wrap="nowrap" style={{ flex: 1, minWidth: 0 }} role="group" aria-label="Org Root and places">
      <HeaderSelect
        label="Org Root"
        value={tenantId}
        data={(tenants.data ?? []).map(({ id, name }) => ({ value: id, label: name }))}
        onChoose={chooseTenant}
        placeholder="Choose a tenant"
      />
      <EnvironmentSelect
        label="Source"
        environments={environments.data ?? []}
        loading={environments.isPending}
        problem={problem}
        value={environmentIdOf(from)}
        onChoose={(id) => chooseSource(placeOf(id))}
      />
      <Tooltip label="Swap source and destination">
        <ActionIcon
          mt={16}
          onClick={swap}
          disabled={!from && !to}
          aria-label="Swap source and destination"
          variant="default"
        >
          <IconArrowsLeftRight size={16} stroke={1.8} />
        </ActionIcon>
      </Tooltip>
      <EnvironmentSelect
        label="Destination"
        environments={environments.data ?? []}
        loading={environments.isPending}
        problem={problem}
        value={environmentIdOf(to)}
        onChoose={(id) => chooseDestination(placeOf(id))}
      />
      <DestinationMark />
      {problem && (
        <Text size="xs" c="var(--state-ambiguous)" role="status" lineClamp={2} mt={12} title={told}>
          {told}
        </Text>
      )}
    </Group>
  )
}
