// biome-ignore-all lint/a11y/useKeyWithClickEvents: the keys are listened to on the grid
// biome-ignore-all lint/a11y/useSemanticElements: rows are drawn where they are scrolled to, which a <table> can't do
// biome-ignore-all lint/a11y/useFocusableInteractive: the focus stands on rows, their cells and the groups take none
import { UnstyledButton } from '@mantine/core'
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react'
import { type ColumnVisibilityState, type RowSelectionState, type SortingState, useTable } from '@tanstack/react-table'
import { useVirtualizer } from '@tanstack/react-virtual'
import { type KeyboardEvent, useMemo, useRef, useState } from 'react'
import type { KindView, Row } from '../kinds/kind-view.ts'
import { columnsOf, features, tracks } from './columns.tsx'
import { rowKey, rowName } from './row-filter.ts'
import classes from './workspace.module.css'

interface ArtifactTableProps {
  view: KindView
  rows: Row[]
  compared: boolean
  openKey: string | undefined
  hidden: ColumnVisibilityState
  selection: RowSelectionState
  onSelection: (selection: RowSelectionState) => void
  onOpen: (row: Row) => void
}

const rowHeight = 48

/** The rows of a workspace. Draws only those in sight; arrows move, Enter opens, Space selects. */
export function ArtifactTable(props: ArtifactTableProps) {
  const { view, rows, compared, openKey, hidden, selection, onSelection, onOpen } = props
  const [sorting, setSorting] = useState<SortingState>([])
  const columns = useMemo(() => columnsOf(view, compared), [view, compared])
  const table = useTable({
    features,
    columns,
    data: rows,
    getRowId: rowKey,
    enableRowSelection: (row) => row.original.source !== undefined,
    state: { sorting, columnVisibility: hidden, rowSelection: selection },
    onSortingChange: setSorting,
    onRowSelectionChange: (change) => onSelection(typeof change === 'function' ? change(selection) : change),
  })
  const sorted = table.getRowModel().rows
  const scroller = useRef<HTMLDivElement>(null)
  const virtualizer = useVirtualizer({
    count: sorted.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    getItemKey: (index) => sorted[index]?.id ?? index,
    overscan: 12,
    // The header stays on top of the rows.
    scrollPaddingStart: 37,
  })
  const [active, setActive] = useState(0)
  const current = Math.min(active, Math.max(0, sorted.length - 1))
  const grid = table
    .getVisibleLeafColumns()
    .map((column) => tracks[column.id] ?? `${widthOf(column.columnDef.meta)}px`)
    .join(' ')

  const moveTo = (index: number) => {
    const target = Math.max(0, Math.min(sorted.length - 1, index))
    setActive(target)
    virtualizer.scrollToIndex(target)
    // The row may only be drawn by this scrolling.
    requestAnimationFrame(() => scroller.current?.querySelector<HTMLElement>(`[data-index="${target}"]`)?.focus())
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const row = sorted[current]
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / rowHeight) - 1)
    const moves: Record<string, number> = {
      ArrowDown: current + 1,
      ArrowUp: current - 1,
      PageDown: current + page,
      PageUp: current - page,
      Home: 0,
      End: sorted.length - 1,
    }
    if (!row || !(event.target as HTMLElement).matches('[role="row"]')) return
    const target = moves[event.key]
    if (target !== undefined) moveTo(target)
    else if (event.key === 'Enter') onOpen(row.original)
    else if (event.key === ' ' && view.pickable) row.toggleSelected()
    else return
    event.preventDefault()
  }

  return (
    <div
      className={classes.table}
      ref={scroller}
      role="grid"
      aria-label={view.label.many}
      aria-rowcount={sorted.length + 1}
      aria-multiselectable={view.pickable}
      onKeyDown={onKeyDown}
    >
      <div role="rowgroup" className={classes.headerRow} style={{ display: 'block' }}>
        {table.getHeaderGroups().map((group) => (
          <div role="row" key={group.id} aria-rowindex={1} style={{ display: 'grid', gridTemplateColumns: grid }}>
            {group.headers.map((header) => {
              const sortedBy = header.column.getIsSorted()
              return (
                <div
                  role="columnheader"
                  key={header.id}
                  className={classes.headerCell}
                  aria-sort={sortedBy === 'asc' ? 'ascending' : sortedBy === 'desc' ? 'descending' : undefined}
                >
                  {header.column.getCanSort() ? (
                    <UnstyledButton className={classes.sortButton} onClick={header.column.getToggleSortingHandler()}>
                      <table.FlexRender header={header} />
                      {sortedBy === 'asc' && <IconArrowUp size={13} aria-hidden />}
                      {sortedBy === 'desc' && <IconArrowDown size={13} aria-hidden />}
                    </UnstyledButton>
                  ) : (
                    <table.FlexRender header={header} />
                  )}
                </div>
              )
            })}
          </div>
        ))}
      </div>
      <div role="rowgroup" className={classes.body} style={{ height: virtualizer.getTotalSize() }}>
        {virtualizer.getVirtualItems().map((item) => {
          const row = sorted[item.index]
          if (!row) return null
          return (
            <div
              role="row"
              key={row.id}
              data-index={item.index}
              data-open={row.id === openKey}
              aria-rowindex={item.index + 2}
              aria-selected={view.pickable ? row.getIsSelected() : undefined}
              aria-label={rowName(row.original)}
              tabIndex={item.index === current ? 0 : -1}
              className={classes.row}
              style={{ transform: `translateY(${item.start}px)`, gridTemplateColumns: grid }}
              onFocus={() => setActive(item.index)}
              onClick={() => onOpen(row.original)}
            >
              {row.getVisibleCells().map((cell) => (
                <div role="gridcell" key={cell.id} className={classes.cell}>
                  <table.FlexRender cell={cell} />
                </div>
              ))}
            </div>
          )
        })}
      </div>
    </div>
  )
}

function widthOf(meta: unknown): number {
  return typeof meta === 'object' && meta !== null && 'width' in meta && typeof meta.width === 'number'
    ? meta.width
    : 120
}
