import { Badge, Table, Text } from '@mantine/core'
import { IconLinkOff } from '@tabler/icons-react'
import type { Shapes } from '../api/client.ts'
import { EmptyState } from '../components/EmptyState.tsx'
import { StateBadge } from '../components/StateBadge.tsx'
import { kindLabel } from '../kinds/registry.ts'

type Dependency = Shapes['PairComparison']['dependencies'][number]

/** What the source artifact refers to, and how each of it stands in the destination. */
export function Dependencies({ dependencies }: { dependencies: Dependency[] }) {
  if (dependencies.length === 0) {
    return <EmptyState icon={IconLinkOff} title="It refers to nothing else" />
  }
  return (
    <Table verticalSpacing={8}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Kind</Table.Th>
          <Table.Th>Name</Table.Th>
          <Table.Th>In the destination</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {dependencies.map((dependency) => (
          <Table.Tr key={`${dependency.kind} ${dependency.target}`}>
            <Table.Td>
              <Text size="sm">{kindLabel(dependency.kind)}</Text>
            </Table.Td>
            <Table.Td>
              <Text size="sm" fw={550}>
                {dependency.name || dependency.target}
              </Text>
              {dependency.name && dependency.name !== dependency.target && (
                <Text size="xs" c="dimmed" ff="monospace">
                  {dependency.target}
                </Text>
              )}
            </Table.Td>
            <Table.Td>
              <DependencyState state={dependency.state} />
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  )
}

function DependencyState({ state }: { state: Dependency['state'] }) {
  if (state === 'stale') return <Badge color="orange">Stale: the source has nothing there either</Badge>
  if (state === 'notCompared') return <Badge color="gray">Not compared: carried over unchanged</Badge>
  return <StateBadge state={state} />
}
