// biome-ignore-all lint/a11y/useFocusableInteractive: the focus stands on the buttons that unfold rows
// biome-ignore-all lint/a11y/useSemanticElements: rows are drawn where they are scrolled to, which a <table> can't do
import { Badge, Code, Text, UnstyledButton } from '@mantine/core'
import { IconChevronDown, IconChevronRight } from '@tabler/icons-react'
import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useRef, useState } from 'react'
import { CopyId } from '../components/CopyId.tsx'
import { exactTime } from '../components/time.tsx'
import classes from './audit.module.css'
import type { AuditEntry } from './audit-log.ts'
import { eventName, subjectInWords } from './event-names.ts'

interface AuditTableProps {
  entries: AuditEntry[]
  loading: boolean
  /** The last rows came in sight. */
  onEnd: () => void
}

const colors = { done: 'green', refused: 'orange', failed: 'red' } as const
const outcomes = { done: 'Done', refused: 'Refused', failed: 'Failed' } as const

/** The entries, drawing only those in sight. A row unfolds to all that is known of it. */
export function AuditTable({ entries, loading, onEnd }: AuditTableProps) {
  const scroller = useRef<HTMLDivElement>(null)
  const [open, setOpen] = useState<ReadonlySet<number>>(new Set())
  const virtualizer = useVirtualizer({
    count: entries.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => 44,
    getItemKey: (index) => entries[index]?.sequence ?? index,
    overscan: 12,
  })
  const items = virtualizer.getVirtualItems()
  const last = items.at(-1)?.index ?? 0
  useEffect(() => {
    if (last >= entries.length - 20) onEnd()
  }, [last, entries.length, onEnd])
  const toggle = (sequence: number) =>
    setOpen((before) => {
      const after = new Set(before)
      if (!after.delete(sequence)) after.add(sequence)
      return after
    })
  return (
    <div
      className={`card ${classes.table}`}
      ref={scroller}
      role="table"
      aria-label="Audit log"
      aria-rowcount={entries.length}
    >
      <div role="rowgroup" className={classes.header}>
        <div role="row" className={classes.columns}>
          {['When', 'Who', 'What', 'Outcome', 'About', 'From'].map((name) => (
            <div role="columnheader" key={name} className={classes.cell}>
              {name}
            </div>
          ))}
        </div>
      </div>
      <div role="rowgroup" style={{ position: 'relative', height: virtualizer.getTotalSize() }} aria-busy={loading}>
        {items.map((item) => {
          const entry = entries[item.index]
          if (!entry) return null
          return (
            <div
              key={item.key}
              ref={virtualizer.measureElement}
              data-index={item.index}
              className={classes.row}
              style={{ transform: `translateY(${item.start}px)` }}
              role="row"
              aria-rowindex={item.index + 1}
            >
              <Row entry={entry} open={open.has(entry.sequence)} onToggle={() => toggle(entry.sequence)} />
            </div>
          )
        })}
      </div>
    </div>
  )
}

function Row({ entry, open, onToggle }: { entry: AuditEntry; open: boolean; onToggle: () => void }) {
  const { actor, subject } = entry
  return (
    <>
      <div className={classes.columns} style={{ display: 'grid' }}>
        <div role="cell" className={classes.cell}>
          <UnstyledButton className={classes.fold} onClick={onToggle} aria-expanded={open}>
            {open ? <IconChevronDown size={14} aria-hidden /> : <IconChevronRight size={14} aria-hidden />}
            <time dateTime={entry.at}>{exactTime(entry.at)}</time>
            <span className="visually-hidden">: {eventName(entry.event)}</span>
          </UnstyledButton>
        </div>
        <div role="cell" className={classes.cell} title={actor.name}>
          {actor.name}
          {actor.kind === 'token' && (
            <Badge size="xs" variant="light" ml={6}>
              token
            </Badge>
          )}
        </div>
        <div role="cell" className={classes.cell}>
          {eventName(entry.event)}
        </div>
        <div role="cell" className={classes.cell}>
          <Badge size="sm" variant="light" color={colors[entry.outcome]}>
            {outcomes[entry.outcome]}
          </Badge>
        </div>
        <div role="cell" className={classes.cell} title={subject?.name ?? subject?.id}>
          {subject && subjectInWords(subject)}
        </div>
        <div role="cell" className={classes.cell}>
          {entry.from}
        </div>
      </div>
      {open && (
        <div role="cell" className={classes.details}>
          <Details entry={entry} />
        </div>
      )}
    </>
  )
}

function Details({ entry }: { entry: AuditEntry }) {
  const facts: [string, string | undefined][] = [
    ['Time', `${exactTime(entry.at)} (${entry.at})`],
    ['Event', entry.event],
    ['Entry', String(entry.sequence)],
    ['Who', `${entry.actor.name} (${entry.actor.kind} ${entry.actor.id})`],
    ['Tenant', entry.tenantId],
    ['Environment', entry.environmentId],
    ['About', entry.subject && `${entry.subject.kind} ${entry.subject.id}`],
    ['Request', entry.requestId],
    ['Hash of the plan', entry.planHash],
    ['Before', entry.beforeHash],
    ['After', entry.afterHash],
  ]
  return (
    <>
      <dl className={classes.facts}>
        {facts.map(([name, value]) =>
          value === undefined ? null : (
            <div key={name} style={{ display: 'contents' }}>
              <Text component="dt" size="xs" c="dimmed">
                {name}
              </Text>
              <Text component="dd" size="xs" m={0} ff="monospace" style={{ overflowWrap: 'anywhere' }}>
                {value}
              </Text>
            </div>
          ),
        )}
        <Text component="dt" size="xs" c="dimmed">
          Hash
        </Text>
        <dd style={{ margin: 0, minWidth: 0 }}>
          <CopyId id={entry.hash} label="hash" />
        </dd>
      </dl>
      {entry.details && Object.keys(entry.details).length > 0 && (
        <Code block fz="xs" style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
          {JSON.stringify(entry.details, null, 2)}
        </Code>
      )}
    </>
  )
}
