import { Badge, Button, Group, Stack, Text, Title, UnstyledButton } from '@mantine/core'
import { IconArrowsMove, IconChevronRight, IconMinus, IconPencil, IconPlus } from '@tabler/icons-react'
import { useState } from 'react'
import type { Shapes } from '../api/client.ts'
import { count } from '../components/count.ts'
import { kindLabel } from '../kinds/registry.ts'
import classes from './compare.module.css'
import { PropertyChangeView } from './PropertyChangeView.tsx'

type Difference = Shapes['Difference']
type Change = Difference['change']

const changes: { change: Change; label: string; icon: typeof IconPlus }[] = [
  { change: 'added', label: 'Added', icon: IconPlus },
  { change: 'removed', label: 'Removed', icon: IconMinus },
  { change: 'changed', label: 'Changed', icon: IconPencil },
  { change: 'moved', label: 'Moved', icon: IconArrowsMove },
]

const changed = { change: 'changed', label: 'Changed', icon: IconPencil } as const

interface DifferenceListProps {
  differences: Difference[]
  /** Names of sections, in their order. */
  sections: Record<string, string>
  /** Shown without the filters, for a short list within something else. */
  compact?: boolean
  /** The difference to show opened. */
  picked?: string | undefined
}

/** Differences by section. `added` is what the source has and the destination lacks. */
export function DifferenceList({ differences, sections, compact = false, picked }: DifferenceListProps) {
  const [hidden, setHidden] = useState<ReadonlySet<Change>>(new Set())
  const [allOpen, setAllOpen] = useState<boolean>()
  const shown = differences.filter(({ change }) => !hidden.has(change))
  const order = [...Object.keys(sections), ...differences.map(({ section }) => section)]
  const names = [...new Set(order)].filter((section) => shown.some((difference) => difference.section === section))
  const present = changes.filter(({ change }) => differences.some((difference) => difference.change === change))
  const toggle = (change: Change) => {
    const next = new Set(hidden)
    if (!next.delete(change)) next.add(change)
    setHidden(next)
  }
  return (
    <Stack gap="md">
      {!compact && (
        <Group gap={6} role="group" aria-label="Filter by change">
          {present.map(({ change, label, icon: Icon }) => (
            <UnstyledButton
              key={change}
              className={classes.changeFilter}
              data-change={change}
              aria-pressed={!hidden.has(change)}
              onClick={() => toggle(change)}
            >
              <Icon size={14} aria-hidden />
              {label} {differences.filter((difference) => difference.change === change).length}
            </UnstyledButton>
          ))}
          <Group gap={4} ml="auto">
            <Button size="compact-xs" variant="subtle" color="gray" onClick={() => setAllOpen(true)}>
              Open all
            </Button>
            <Button size="compact-xs" variant="subtle" color="gray" onClick={() => setAllOpen(false)}>
              Close all
            </Button>
          </Group>
        </Group>
      )}
      {names.map((section) => {
        // What only moved comes last: it changes nothing of what the flow does.
        const ofSection = shown
          .filter((difference) => difference.section === section)
          .sort((a, b) => Number(a.change === 'moved') - Number(b.change === 'moved'))
        return (
          <section key={section} aria-label={sections[section] ?? kindLabel(section)}>
            <Group gap={8} mb={6}>
              <Title order={3}>{sections[section] ?? kindLabel(section)}</Title>
              <Badge color="gray" size="sm">
                {ofSection.length}
              </Badge>
            </Group>
            <ul className={classes.differences}>
              {ofSection.map((difference) => (
                <DifferenceItem
                  key={`${difference.id} ${difference.change} ${allOpen} ${picked === difference.id}`}
                  difference={difference}
                  initiallyOpen={allOpen ?? (picked === difference.id || (!compact && differences.length <= 12))}
                  picked={picked === difference.id}
                />
              ))}
            </ul>
          </section>
        )
      })}
      {shown.length === 0 && differences.length > 0 && (
        <Text size="sm" c="dimmed">
          {count(differences.length, 'difference is', 'differences are')} hidden by the filter.
        </Text>
      )}
    </Stack>
  )
}

interface DifferenceItemProps {
  difference: Difference
  initiallyOpen: boolean
  picked: boolean
}

function DifferenceItem({ difference, initiallyOpen, picked }: DifferenceItemProps) {
  const [open, setOpen] = useState(initiallyOpen)
  const { label, icon: Icon } = changes.find(({ change }) => change === difference.change) ?? changed
  const properties = difference.properties
  return (
    <li
      className={classes.difference}
      ref={picked ? (element) => element?.scrollIntoView({ block: 'center' }) : undefined}
    >
      <UnstyledButton
        className={classes.differenceHead}
        onClick={() => setOpen(!open)}
        aria-expanded={properties.length > 0 ? open : undefined}
        disabled={properties.length === 0}
      >
        <span className={classes.change} data-change={difference.change}>
          <Icon size={13} aria-hidden />
          {label}
        </span>
        <Text span size="sm" fw={550} style={{ overflowWrap: 'anywhere' }}>
          {difference.label}
        </Text>
        {properties.length > 0 && (
          <Group gap={4} ml="auto" wrap="nowrap">
            <Text span size="xs" c="dimmed" style={{ whiteSpace: 'nowrap' }}>
              {count(properties.length, 'property', 'properties')}
            </Text>
            <IconChevronRight size={15} aria-hidden className={classes.chevron} data-open={open} />
          </Group>
        )}
      </UnstyledButton>
      {open && properties.length > 0 && (
        <div className={classes.properties}>
          {properties.map((property) => (
            <PropertyChangeView key={property.pointer} change={property} />
          ))}
        </div>
      )}
    </li>
  )
}
