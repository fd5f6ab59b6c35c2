import { Badge, Button, Group, Table, Text, TextInput } from '@mantine/core'
import { IconSearch } from '@tabler/icons-react'
import { useMemo, useState } from 'react'
import type { Shapes } from '../api/client.ts'
import { count } from '../components/count.ts'
import { kindLabel } from '../kinds/registry.ts'

type Reference = Shapes['ResolvedReference']

const basis = { mapping: 'saved mapping', id: 'same ID', name: 'same name', onlyOne: 'the only one of its sort' }
const unchanged = {
  staleInSource: 'stale: the source has nothing there either, carried over',
  kindNotMoved: 'not moved by FlightIQ, carried over unchanged',
  chosen: 'left as it is, by your choice',
  sameEverywhere: 'the same in every environment',
}
const first = 60

const isSameEverywhere = ({ resolution }: Reference): boolean =>
  resolution.to === 'unchanged' && resolution.why === 'sameEverywhere'

/** What is open comes first, then what is odd, then what is new. */
function urgency({ resolution }: Reference): number {
  if (resolution.to === 'unchanged') return resolution.why === 'staleInSource' ? 1 : 4
  return { unresolved: 0, created: 2, existing: 3 }[resolution.to]
}

/** What each reference will point to in the destination, and why. */
export function References({ references }: { references: Reference[] }) {
  const [search, setSearch] = useState('')
  const [all, setAll] = useState(false)
  const found = useMemo(() => {
    const words = search.trim().toLowerCase()
    return references
      .filter((reference) => !isSameEverywhere(reference) && (words === '' || textOf(reference).includes(words)))
      .sort((a, b) => urgency(a) - urgency(b))
  }, [references, search])
  const left = references.filter(isSameEverywhere).length
  const shown = all ? found : found.slice(0, first)
  if (references.length === 0) {
    return (
      <Text size="sm" c="dimmed" p="md">
        What is taken refers to nothing else.
      </Text>
    )
  }
  return (
    <>
      <Group p="sm" gap="sm">
        <TextInput
          aria-label="Search references"
          placeholder="Search by node, flow or target"
          leftSection={<IconSearch size={15} aria-hidden />}
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
          w={280}
        />
        <Text size="xs" c="dimmed" role="status">
          {count(found.length, 'target')}
          {left > 0 ? `; ${left} more are the same in every environment` : ''}
        </Text>
      </Group>
      <Table verticalSpacing={8} layout="fixed">
        <Table.Thead>
          <Table.Tr>
            <Table.Th w="34%">In the source</Table.Th>
            <Table.Th w="30%">Used by</Table.Th>
            <Table.Th>Will point to</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {shown.map((reference) => (
            <Table.Tr key={`${reference.kind} ${reference.target}`} style={{ verticalAlign: 'top' }}>
              <Table.Td>
                <Text size="sm" fw={550} style={{ overflowWrap: 'anywhere' }}>
                  {reference.name || reference.target}
                </Text>
                <Text size="xs" c="dimmed">
                  {kindLabel(reference.kind)}
                  {reference.connectorId ? ` · ${reference.connectorId}` : ''}
                </Text>
              </Table.Td>
              <Table.Td>
                <UsedBy usedBy={reference.usedBy} />
              </Table.Td>
              <Table.Td>
                <Target resolution={reference.resolution} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      {shown.length < found.length && (
        <Button m="sm" variant="default" size="xs" onClick={() => setAll(true)}>
          Show all {found.length}
        </Button>
      )}
    </>
  )
}

function UsedBy({ usedBy }: { usedBy: Reference['usedBy'] }) {
  const [all, setAll] = useState(false)
  const spots = [
    ...new Set(usedBy.map(({ node, artifactName }) => (node ? `${node.label} · ${artifactName}` : artifactName))),
  ]
  return (
    <>
      {(all ? spots : spots.slice(0, 3)).map((spot) => (
        <Text key={spot} size="xs" style={{ overflowWrap: 'anywhere' }}>
          {spot}
        </Text>
      ))}
      {!all && spots.length > 3 && (
        <Button size="compact-xs" variant="subtle" color="gray" ml={-7} onClick={() => setAll(true)}>
          and {spots.length - 3} more
        </Button>
      )}
    </>
  )
}

function Target({ resolution }: { resolution: Reference['resolution'] }) {
  switch (resolution.to) {
    case 'existing':
      return (
        <>
          <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
            {resolution.destinationName}
          </Text>
          <Text size="xs" c="dimmed">
            {basis[resolution.basis]}
          </Text>
        </>
      )
    case 'created':
      return (
        <>
          <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
            {resolution.destinationName}
          </Text>
          <Badge size="sm" color="green">
            Created by this plan
          </Badge>
        </>
      )
    case 'unchanged':
      return (
        <Text size="xs" c={resolution.why === 'staleInSource' ? 'var(--state-warning)' : 'dimmed'}>
          Unchanged: {unchanged[resolution.why]}
        </Text>
      )
    case 'unresolved':
      return <Badge color="red">Open: {resolution.why === 'missing' ? 'nothing fits' : 'more than one fits'}</Badge>
  }
}

function textOf(reference: Reference): string {
  const target = 'destinationName' in reference.resolution ? reference.resolution.destinationName : ''
  const spots = reference.usedBy.map(({ node, artifactName }) => `${node?.label ?? ''} ${artifactName}`)
  return [kindLabel(reference.kind), reference.name, reference.target, target, ...spots].join('\n').toLowerCase()
}
