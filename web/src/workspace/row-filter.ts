import { useDeferredValue, useMemo, useState } from 'react'
import type { Shapes } from '../api/client.ts'
import { matchStates } from '../components/StateBadge.tsx'
import type { KindView, Row } from '../kinds/kind-view.ts'

type MatchState = Shapes['MatchState']

/** The key of a row: the ids of both its sides. */
export const rowKey = (row: Row): string => `${row.source?.id ?? ''}~${row.destination?.id ?? ''}`

/** The name a row goes by: the source's, or the destination's where the source has none. */
export const rowName = (row: Row): string => (row.source ?? row.destination)?.name ?? ''

/** What rows are filtered by, and the rows that pass. */
export function useRowFilter(rows: readonly Row[], view: KindView) {
  const [search, setSearch] = useState('')
  const [states, setStates] = useState<ReadonlySet<MatchState>>(new Set())
  const [facts, setFacts] = useState<Record<string, string>>({})
  const words = useDeferredValue(search).trim().toLowerCase()

  const texts = useMemo(() => new Map(rows.map((row) => [row, searchText(row, view)])), [rows, view])
  // Until someone sorts: what needs attention first, and within that by name.
  const ordered = useMemo(() => [...rows].sort(byAttention), [rows])
  const shown = useMemo(
    () =>
      ordered.filter(
        (row) =>
          (states.size === 0 || states.has(row.state)) &&
          Object.entries(facts).every(([fact, value]) => value === '' || factOf(row, fact) === value) &&
          words.split(/\s+/).every((word) => texts.get(row)?.includes(word)),
      ),
    [ordered, states, facts, words, texts],
  )
  return {
    shown,
    search,
    setSearch,
    states,
    toggleState: (state: MatchState) =>
      setStates((current) => {
        const next = new Set(current)
        if (!next.delete(state)) next.add(state)
        return next
      }),
    facts,
    setFact: (fact: string, value: string) => setFacts((current) => ({ ...current, [fact]: value })),
    filtered: search !== '' || states.size > 0 || Object.values(facts).some((value) => value !== ''),
    clear: () => {
      setSearch('')
      setStates(new Set())
      setFacts({})
    },
  }
}

/** The value of a fact in a row. */
export function factOf(row: Row, fact: string): string {
  return (row.source ?? row.destination)?.facts?.[fact] ?? ''
}

/** How many rows are in each state. */
export function countByState(rows: readonly Row[]): Partial<Record<MatchState, number>> {
  const counts: Partial<Record<MatchState, number>> = {}
  for (const row of rows) counts[row.state] = (counts[row.state] ?? 0) + 1
  return counts
}

function searchText(row: Row, view: KindView): string {
  return [
    row.source?.name,
    row.destination?.name,
    row.source?.id,
    row.destination?.id,
    row.gist,
    ...view.columns.map((column) => column.value(row)),
  ]
    .join('\n')
    .toLowerCase()
}

const names = new Intl.Collator('en', { numeric: true, sensitivity: 'base' })

function byAttention(a: Row, b: Row): number {
  return matchStates.indexOf(a.state) - matchStates.indexOf(b.state) || names.compare(rowName(a), rowName(b))
}
