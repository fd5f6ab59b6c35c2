import { ActionIcon, Button, Group, Kbd, Select, Text, TextInput } from '@mantine/core'
import { useHotkeys, useMediaQuery } from '@mantine/hooks'
import { IconFilterOff, IconSearch, IconTransfer, IconX } from '@tabler/icons-react'
import type { ColumnVisibilityState, RowSelectionState } from '@tanstack/react-table'
import { useMemo, useRef, useState } from 'react'
import { ActionButton } from '../components/ActionButton.tsx'
import { count } from '../components/count.ts'
import { EmptyState } from '../components/EmptyState.tsx'
import type { KindView, Row } from '../kinds/kind-view.ts'
import type { MigrateRequest } from '../plans/MigrateDialog.tsx'
import { useRefusal } from '../session/use-may.ts'
import { environmentIdOf, useSelection } from '../shell/selection.ts'
import { ArtifactTable } from './ArtifactTable.tsx'
import { ColumnChooser } from './ColumnChooser.tsx'
import { useOpenPair } from './open-pair.ts'
import { countByState, factOf, rowKey, useRowFilter } from './row-filter.ts'
import { StateFilter } from './StateFilter.tsx'
import classes from './workspace.module.css'

interface WorkspaceRowsProps {
  view: KindView
  rows: Row[]
  compared: boolean
  onMigrate: (request: MigrateRequest) => void
}

/** The rows with all that narrows them down, and what can be done with the selected ones. */
export function WorkspaceRows({ view, rows, compared, onMigrate }: WorkspaceRowsProps) {
  const { tenantId, to } = useSelection()
  const refusal = useRefusal('plan', { tenantId, environmentId: environmentIdOf(to) })
  const filter = useRowFilter(rows, view)
  const [selection, setSelection] = useState<RowSelectionState>({})
  const narrow = useMediaQuery('(max-width: 1240px)', false, { getInitialValueInEffect: false })
  const [visibility, setVisibility] = useState<ColumnVisibilityState>(() =>
    Object.fromEntries(
      [...view.hiddenAtFirst, ...(narrow ? ['nodes', 'destinationUpdated'] : [])].map((id) => [id, false]),
    ),
  )
  const search = useRef<HTMLInputElement>(null)
  useHotkeys([['/', () => search.current?.focus(), { preventDefault: true }]])
  const { openKey, open } = useOpenPair()
  const counts = useMemo(() => countByState(rows), [rows])
  const selected = rows.filter((row) => selection[rowKey(row)])

  if (rows.length === 0) {
    const many = view.label.many.toLowerCase()
    return (
      <EmptyState icon={view.icon} title={`There are no ${many}${compared ? ' on either side' : ' in the source'}`}>
        PingOne answered with an empty list. The worker app was allowed to read it: without the role it would have
        answered with a refusal, which would stand here.
      </EmptyState>
    )
  }
  return (
    <>
      <Group gap="sm" align="center">
        <TextInput
          ref={search}
          aria-label={`Search ${view.label.many.toLowerCase()}`}
          placeholder={`Search ${view.label.many.toLowerCase()}`}
          value={filter.search}
          onChange={(event) => filter.setSearch(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === 'Escape') filter.setSearch('')
          }}
          leftSection={<IconSearch size={16} aria-hidden />}
          rightSection={
            filter.search ? (
              <ActionIcon size="sm" aria-label="Clear the search" onClick={() => filter.setSearch('')}>
                <IconX size={14} />
              </ActionIcon>
            ) : (
              <Kbd size="xs" aria-hidden>
                /
              </Kbd>
            )
          }
          w={240}
        />
        {view.filters?.map(({ fact, label }) => (
          <Select
            key={fact}
            aria-label={label}
            placeholder={label}
            clearable
            searchable
            w={170}
            value={filter.facts[fact] || null}
            data={[...new Set(rows.map((row) => factOf(row, fact)).filter((value) => value !== ''))].sort()}
            onChange={(value) => filter.setFact(fact, value ?? '')}
          />
        ))}
        {compared && (
          <div className={view.filters ? classes.statesBelow : classes.states}>
            <StateFilter counts={counts} chosen={filter.states} onToggle={filter.toggleState} />
          </div>
        )}
        <Group gap="xs" ml="auto">
          <Text size="xs" c="dimmed" role="status">
            {filter.filtered
              ? `${filter.shown.length} of ${count(rows.length, view.label.one.toLowerCase(), view.label.many.toLowerCase())}`
              : count(rows.length, view.label.one.toLowerCase(), view.label.many.toLowerCase())}
          </Text>
          {filter.filtered && (
            <Button variant="subtle" size="compact-sm" leftSection={<IconFilterOff size={14} />} onClick={filter.clear}>
              Clear filters
            </Button>
          )}
          <ColumnChooser
            visibility={visibility}
            onChange={setVisibility}
            columns={[
              ...view.columns
                .filter((column) => compared || !column.id.startsWith('destination'))
                .map(({ id, header }) => ({ id, header })),
              { id: 'sourceUpdated', header: 'Updated in source' },
              ...(compared ? [{ id: 'destinationUpdated', header: 'Updated in destination' }] : []),
            ]}
          />
        </Group>
      </Group>
      <div
        className="card"
        style={{ flex: 1, minHeight: 0, display: 'flex', flexDirection: 'column', overflow: 'hidden' }}
      >
        {filter.shown.length === 0 ? (
          <EmptyState
            icon={IconFilterOff}
            title="Nothing passes the filters"
            actions={
              <Button variant="default" onClick={filter.clear}>
                Clear filters
              </Button>
            }
          >
            {count(rows.length, 'row is', 'rows are')} there, but the search and filters leave none.
          </EmptyState>
        ) : (
          <ArtifactTable
            view={view}
            rows={filter.shown}
            compared={compared}
            openKey={openKey}
            hidden={visibility}
            selection={selection}
            onSelection={setSelection}
            onOpen={open}
          />
        )}
        {compared && selected.length > 0 && (
          <section className={classes.selectionBar} aria-label="Selected">
            <Text size="sm" fw={550}>
              {count(selected.length, view.label.one.toLowerCase(), view.label.many.toLowerCase())} selected
            </Text>
            <ActionButton
              refusal={refusal}
              size="xs"
              leftSection={<IconTransfer size={15} />}
              onClick={() =>
                onMigrate({
                  flows: selected.flatMap((row) => (row.source ? [row.source.id] : [])),
                  title:
                    selected.length === 1
                      ? (selected[0]?.source?.name ?? '')
                      : count(selected.length, view.label.one.toLowerCase(), view.label.many.toLowerCase()),
                })
              }
            >
              Migrate selected
            </ActionButton>
            <Button size="xs" variant="subtle" color="gray" onClick={() => setSelection({})}>
              Clear selection
            </Button>
          </section>
        )}
      </div>
    </>
  )
}
