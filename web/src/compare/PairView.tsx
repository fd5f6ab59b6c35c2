import { Alert, Group, Loader, Skeleton, Stack, Tabs, Text } from '@mantine/core'
import { IconCheck, IconHelp, IconTransfer } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense, useState } from 'react'
import type { Shapes } from '../api/client.ts'
import { pairQuery } from '../api/queries.ts'
import { ActionButton } from '../components/ActionButton.tsx'
import { EmptyState } from '../components/EmptyState.tsx'
import { TextLink } from '../components/links.tsx'
import { ProblemPanel } from '../components/ProblemPanel.tsx'
import { StateBadge } from '../components/StateBadge.tsx'
import type { KindView, Row } from '../kinds/kind-view.ts'
import type { MigrateRequest } from '../plans/MigrateDialog.tsx'
import { useRefusal } from '../session/use-may.ts'
import { environmentIdOf, useSelection } from '../shell/selection.ts'
import { Dependencies } from './Dependencies.tsx'
import { DifferenceList } from './DifferenceList.tsx'
import { SideCards } from './SideCards.tsx'

const RawCompare = lazy(() => import('./RawCompare.tsx'))

interface PairViewProps {
  view: KindView
  sourceId: string | undefined
  destinationId: string | undefined
  onMigrate: (request: MigrateRequest) => void
}

/** A pair in full: its sides, the differences by meaning, the picture, what it refers to, and the raw JSON. */
export function PairView({ view, sourceId, destinationId, onMigrate }: PairViewProps) {
  const { tenantId, from = '', to = '' } = useSelection()
  const refusal = useRefusal('plan', { tenantId, environmentId: environmentIdOf(to) })
  const pair = useQuery({
    ...pairQuery(tenantId, from, to, { kind: view.name, sourceId, destinationId }),
    enabled: from !== '' && to !== '',
  })
  if (pair.isError) return <ProblemPanel error={pair.error} onRetry={() => void pair.refetch()} />
  if (!pair.data) {
    return (
      <Stack aria-busy="true" aria-label="Comparing">
        <Skeleton height={92} />
        <Skeleton height={36} width="60%" />
        <Skeleton height={240} />
      </Stack>
    )
  }
  const { row } = pair.data
  return (
    <Stack gap="md">
      <SideCards row={row} tenantId={tenantId} from={from} to={to} />
      <Group justify="space-between" wrap="nowrap">
        <Group gap="sm" wrap="nowrap" style={{ minWidth: 0 }}>
          <StateBadge state={row.state} />
          <Text size="sm" c="dimmed">
            {gistOf(row)}
          </Text>
        </Group>
        {view.pickable && row.source && row.state !== 'identical' && (
          <ActionButton
            refusal={refusal}
            style={{ flexShrink: 0 }}
            leftSection={<IconTransfer size={16} />}
            onClick={() => row.source && onMigrate({ flows: [row.source.id], title: row.source.name })}
          >
            Migrate
          </ActionButton>
        )}
      </Group>
      {row.candidates && row.candidates.length > 0 && <Candidates view={view} row={row} />}
      <PairTabs key={`${sourceId} ${destinationId}`} view={view} pair={pair.data} />
    </Stack>
  )
}

function gistOf(row: Row): string {
  if (row.layoutOnly) return 'Nothing but positions on the canvas differs.'
  const why = { mapping: 'saved mapping', id: 'same ID', name: 'same name', onlyOne: 'the only one of its sort' }
  return [row.gist, row.basis ? `Matched by ${why[row.basis]}` : ''].filter((part) => part !== '').join(' · ')
}

function PairTabs({ view, pair }: { view: KindView; pair: Shapes['PairComparison'] }) {
  const { differences } = pair.comparison
  const [tab, setTab] = useState<string | null>('differences')
  const [picked, setPicked] = useState<string>()
  const { Picture } = view
  const waiting = (
    <Group gap="xs" p="md">
      <Loader size="xs" /> <Text size="sm">Loading…</Text>
    </Group>
  )
  return (
    <Tabs value={tab} onChange={setTab} keepMounted={false}>
      <Tabs.List mb="md">
        <Tabs.Tab value="differences">Differences ({differences.length})</Tabs.Tab>
        {Picture && <Tabs.Tab value="picture">Picture</Tabs.Tab>}
        <Tabs.Tab value="dependencies">Refers to ({pair.dependencies.length})</Tabs.Tab>
        <Tabs.Tab value="json">JSON</Tabs.Tab>
      </Tabs.List>
      <Tabs.Panel value="differences">
        {differences.length > 0 ? (
          <>
            <Text size="xs" c="dimmed" mb="sm">
              As the destination would change: added is what only the source has. IDs that differ only by environment
              are compared by what they mean.
            </Text>
            <DifferenceList differences={differences} sections={view.sections} picked={picked} />
          </>
        ) : (
          <NoDifferences view={view} row={pair.row} />
        )}
      </Tabs.Panel>
      {Picture && (
        <Tabs.Panel value="picture">
          <Suspense fallback={waiting}>
            <Picture
              source={pair.source}
              destination={pair.destination}
              differences={differences}
              onPick={(id) => {
                setPicked(id)
                setTab('differences')
              }}
            />
          </Suspense>
        </Tabs.Panel>
      )}
      <Tabs.Panel value="dependencies">
        <Dependencies dependencies={pair.dependencies} />
      </Tabs.Panel>
      <Tabs.Panel value="json">
        <Text size="xs" c="dimmed" mb="xs">
          Destination on the left, source on the right, as PingOne returned them; without secrets and links, keys in
          order.
        </Text>
        <Suspense fallback={waiting}>
          <RawCompare source={pair.source} destination={pair.destination} />
        </Suspense>
      </Tabs.Panel>
    </Tabs>
  )
}

function NoDifferences({ view, row }: { view: KindView; row: Row }) {
  const one = view.label.one.toLowerCase()
  if (row.state === 'identical') {
    return (
      <EmptyState icon={IconCheck} title="No difference">
        Dates, version numbers and IDs that belong to an environment are left out of the comparison.
      </EmptyState>
    )
  }
  if (row.state === 'ambiguous') return <EmptyState icon={IconHelp} title="Not compared: choose a candidate above" />
  return (
    <EmptyState
      icon={view.icon}
      title={row.source ? `The destination has no such ${one}` : `The source has no such ${one}`}
    >
      {row.source ? 'The picture and the JSON show what would be created.' : 'Migrating leaves it as it is.'}
    </EmptyState>
  )
}

function Candidates({ view, row }: { view: KindView; row: Row }) {
  return (
    <Alert color="red" variant="light" icon={<IconHelp size={18} />} title="More than one fits">
      <Text size="sm">
        Nobody guesses which is meant. Compare with one of them here; a migration asks for the choice.
      </Text>
      <Group gap="md" mt="xs">
        {row.candidates?.map((candidate) => (
          <TextLink
            key={candidate.id}
            to="/orchestration/$kind/compare"
            params={{ kind: view.slug }}
            search={(previous) => ({
              ...previous,
              ...(row.source
                ? { sourceId: row.source.id, destinationId: candidate.id }
                : { sourceId: candidate.id, destinationId: row.destination?.id }),
            })}
          >
            {candidate.name} ({candidate.id.slice(0, 8)})
          </TextLink>
        ))}
      </Group>
    </Alert>
  )
}
