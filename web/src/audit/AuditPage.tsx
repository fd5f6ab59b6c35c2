import { Alert, Box, Button, Group, Menu, Select, Text, TextInput } from '@mantine/core'
import { IconDownload, IconFilterOff, IconListSearch, IconShieldCheck, IconShieldX } from '@tabler/icons-react'
import { useInfiniteQuery, useMutation } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useMemo } from 'react'
import { answerOf, api, type Shapes } from '../api/client.ts'
import { CopyId } from '../components/CopyId.tsx'
import { count } from '../components/count.ts'
import { EmptyState } from '../components/EmptyState.tsx'
import { Page } from '../components/Page.tsx'
import { ProblemPanel } from '../components/ProblemPanel.tsx'
import { AuditTable } from './AuditTable.tsx'
import { auditQuery, eventGroups, exportAddress } from './audit-log.ts'
import type { AuditSearch } from './audit-search.ts'

const route = getRouteApi('/shell/audit')

/** The audit log: search, filters, export, and the check of its hash chain. */
export function AuditPage() {
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const log = useInfiniteQuery(auditQuery(pick(search)))
  const check = useMutation({ mutationFn: () => answerOf(api.POST('/api/audit/verify')) })
  const entries = useMemo(() => log.data?.pages.flatMap((page) => page.entries) ?? [], [log.data])
  const narrowed = Object.values(pick(search)).some((value) => value)
  const change = (part: AuditSearch) => void navigate({ search: (before) => ({ ...before, ...part }), replace: true })
  const clear = () =>
    change({
      event: undefined,
      outcome: undefined,
      actor: undefined,
      text: undefined,
      fromDay: undefined,
      untilDay: undefined,
    })
  return (
    <Page
      title="Audit"
      summary="Who did what, when, from where: every sign-in, refusal, change of configuration, plan, approval, run and operation. Nothing in it can be changed."
      fill
      actions={
        <>
          <Button
            variant="default"
            leftSection={<IconShieldCheck size={16} />}
            loading={check.isPending}
            onClick={() => check.mutate()}
          >
            Check the chain
          </Button>
          <Menu position="bottom-end">
            <Menu.Target>
              <Button variant="default" leftSection={<IconDownload size={16} />}>
                Export
              </Button>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Item component="a" href={exportAddress(search, 'jsonl')} download>
                JSON Lines
              </Menu.Item>
              <Menu.Item component="a" href={exportAddress(search, 'csv')} download>
                CSV for spreadsheets
              </Menu.Item>
            </Menu.Dropdown>
          </Menu>
        </>
      }
    >
      {check.isError && (
        <Box mb="sm">
          <ProblemPanel error={check.error} />
        </Box>
      )}
      {check.data && <Verified result={check.data} />}
      <Group gap="sm" mb="sm">
        <TextInput
          aria-label="Search the audit log"
          placeholder="Search"
          value={search.text ?? ''}
          onChange={(event) => change({ text: event.currentTarget.value || undefined })}
          leftSection={<IconListSearch size={16} aria-hidden />}
          w={220}
        />
        <Select
          aria-label="Event"
          placeholder="All events"
          clearable
          searchable
          w={200}
          data={eventGroups}
          value={search.event ?? null}
          onChange={(value) => change({ event: value ?? undefined })}
        />
        <Select
          aria-label="Outcome"
          placeholder="All outcomes"
          clearable
          w={150}
          data={[
            { value: 'done', label: 'Done' },
            { value: 'refused', label: 'Refused' },
            { value: 'failed', label: 'Failed' },
          ]}
          value={search.outcome ?? null}
          onChange={(value) => change({ outcome: (value as AuditSearch['outcome']) ?? undefined })}
        />
        <TextInput
          aria-label="Who"
          placeholder="Who"
          w={150}
          value={search.actor ?? ''}
          onChange={(event) => change({ actor: event.currentTarget.value || undefined })}
        />
        <TextInput
          aria-label="From day"
          type="date"
          leftSection={<Text size="xs">From</Text>}
          leftSectionWidth={46}
          value={search.fromDay ?? ''}
          onChange={(event) => change({ fromDay: event.currentTarget.value || undefined })}
        />
        <TextInput
          aria-label="Until day"
          type="date"
          leftSection={<Text size="xs">Until</Text>}
          leftSectionWidth={46}
          value={search.untilDay ?? ''}
          onChange={(event) => change({ untilDay: event.currentTarget.value || undefined })}
        />
        <Text size="xs" c="dimmed" role="status" ml="auto">
          {log.isPending ? '' : `${count(entries.length, 'entry', 'entries')}${log.hasNextPage ? ' so far' : ''}`}
        </Text>
        {narrowed && (
          <Button variant="subtle" size="compact-sm" leftSection={<IconFilterOff size={14} />} onClick={clear}>
            Clear filters
          </Button>
        )}
      </Group>
      {log.isError ? (
        <ProblemPanel error={log.error} onRetry={() => void log.refetch()} />
      ) : !log.isPending && entries.length === 0 ? (
        <div className="card">
          <EmptyState icon={IconListSearch} title={narrowed ? 'Nothing passes the filters' : 'Nothing happened yet'}>
            {narrowed ? 'Another word or a longer time may help.' : 'What people and programs do here will be listed.'}
          </EmptyState>
        </div>
      ) : (
        <AuditTable
          entries={entries}
          loading={log.isPending || log.isFetchingNextPage}
          onEnd={() => {
            if (log.hasNextPage && !log.isFetchingNextPage) void log.fetchNextPage()
          }}
        />
      )}
    </Page>
  )
}

/** The search without what every page has in its address. */
function pick({ event, outcome, actor, text, fromDay, untilDay }: AuditSearch): AuditSearch {
  return { event, outcome, actor, text, fromDay, untilDay }
}

/** Whether every entry is as it was written, and none is missing. */
function Verified({ result }: { result: Shapes['AuditVerification'] }) {
  const { ok, entries, head, fault } = result
  return (
    <Alert
      variant="light"
      mb="sm"
      color={ok ? 'green' : 'red'}
      icon={ok ? <IconShieldCheck size={18} /> : <IconShieldX size={18} />}
      title={ok ? 'The chain is whole' : 'The chain is broken'}
      role={ok ? 'status' : 'alert'}
    >
      <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
        {ok
          ? `${count(entries, 'entry', 'entries')} checked: none was changed, removed or put elsewhere.`
          : fault?.explanation}
      </Text>
      {ok && head && (
        <Group gap={6}>
          <Text size="xs" c="dimmed">
            Head: entry {head.sequence}
          </Text>
          <CopyId id={head.hash} label="hash of the head" />
        </Group>
      )}
    </Alert>
  )
}
