import { Button, Group, Text } from '@mantine/core'
import { IconAlertTriangle, IconInfoCircle, IconOctagon } from '@tabler/icons-react'
import { useState } from 'react'
import type { Shapes } from '../api/client.ts'
import { count } from '../components/count.ts'
import classes from './plans.module.css'

type Note = Shapes['PlanNote']

const looks = {
  blocker: { label: 'Blocker', icon: IconOctagon },
  warning: { label: 'Warning', icon: IconAlertTriangle },
  info: { label: 'Note', icon: IconInfoCircle },
} as const

/** What to know before running, the most serious first. */
export function Notes({ notes }: { notes: Note[] }) {
  const [all, setAll] = useState(false)
  const infos = notes.filter(({ severity }) => severity === 'info').length
  const shownInfos = all || infos <= 2
  const order = (['blocker', 'warning', 'info'] as const).flatMap((severity) =>
    severity === 'info' && !shownInfos ? [] : notes.filter((note) => note.severity === severity),
  )
  if (notes.length === 0) return null
  return (
    <section className="card" aria-label="To know before running">
      <ul className={classes.notes}>
        {order.map((note, index) => {
          const { label, icon: Icon } = looks[note.severity]
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: two notes may say the same of two spots
            <li key={`${note.code}-${index}`} className={classes.note} data-severity={note.severity}>
              <Icon size={17} aria-hidden className={classes.noteSign} />
              <div style={{ minWidth: 0 }}>
                <Group gap={8} align="baseline">
                  <Text span size="xs" fw={650} className={classes.noteSign}>
                    {label}
                  </Text>
                  <Text span size="sm" style={{ overflowWrap: 'anywhere' }}>
                    {note.message}
                  </Text>
                </Group>
                {note.nextStep && (
                  <Text size="sm" c="dimmed">
                    {note.nextStep}
                  </Text>
                )}
              </div>
            </li>
          )
        })}
      </ul>
      {!shownInfos && (
        <Button variant="subtle" color="gray" size="xs" m={6} onClick={() => setAll(true)}>
          {order.length > 0 ? 'And ' : ''}
          {count(infos, 'note')} on what is carried over as it is
        </Button>
      )}
    </section>
  )
}
