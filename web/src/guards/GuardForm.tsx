import {
  ActionIcon,
  Button,
  Group,
  NumberInput,
  Radio,
  SegmentedControl,
  Select,
  Stack,
  Text,
  Textarea,
  TextInput,
} from '@mantine/core'
import { IconPlus, IconTrash } from '@tabler/icons-react'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { answerOf, api, type Shapes } from '../api/client.ts'
import { ProblemPanel } from '../components/ProblemPanel.tsx'
import { guardsQuery } from './queries.ts'
import { weekdays } from './words.ts'

type Guard = Shapes['Guard']
type Freeze = Guard['freezes'][number]

/** A freeze while it is being typed: an id, so that each keeps its fields. */
type Draft = Freeze & { key: number }

let keys = 0
const draftOf = (freeze: Freeze): Draft => {
  keys += 1
  return { ...freeze, key: keys }
}

const options = [
  { value: 'open', label: 'Open', description: 'Operators run plans without asking anybody.' },
  {
    value: 'protected',
    label: 'Protected',
    description: 'A run needs the approval of another person, of exactly that plan.',
  },
  { value: 'locked', label: 'Locked', description: 'Nothing is written to it, whoever asks.' },
] as const

interface GuardFormProps {
  tenantId: string
  guard: Guard
  onSaved: () => void
}

/** Sets the guard of one environment. */
export function GuardForm({ tenantId, guard, onSaved }: GuardFormProps) {
  const queryClient = useQueryClient()
  const [protection, setProtection] = useState(guard.protection)
  const [approvals, setApprovals] = useState(guard.approvals)
  const [reason, setReason] = useState(guard.reason ?? '')
  const [freezes, setFreezes] = useState<Draft[]>(() => guard.freezes.map(draftOf))
  const path = { tenantId, environmentId: guard.environmentId }
  const done = async () => {
    await queryClient.invalidateQueries({ queryKey: guardsQuery(tenantId).queryKey })
    await queryClient.invalidateQueries({ queryKey: ['runPermission', tenantId] })
    onSaved()
  }
  const save = useMutation({
    mutationFn: () =>
      answerOf(
        api.PUT('/api/tenants/{tenantId}/guards/{environmentId}', {
          params: { path },
          body: {
            protection,
            approvals,
            ...(reason.trim() ? { reason: reason.trim() } : {}),
            freezes: freezes.map(({ key: _key, ...freeze }) => freeze),
          },
        }),
      ),
    onSuccess: done,
  })
  const reset = useMutation({
    mutationFn: () => answerOf(api.DELETE('/api/tenants/{tenantId}/guards/{environmentId}', { params: { path } })),
    onSuccess: done,
  })
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        if (freezes.every((freeze) => faultOf(freeze) === undefined)) save.mutate()
      }}
    >
      <Stack>
        <Radio.Group
          label="Protection"
          value={protection}
          onChange={(value) => setProtection(value as Guard['protection'])}
        >
          <Stack gap="xs" mt="xs">
            {options.map((option) => (
              <Radio key={option.value} {...option} />
            ))}
          </Stack>
        </Radio.Group>
        {protection === 'protected' && (
          <NumberInput
            label="Approvals needed"
            description="How many persons must approve. One who declines blocks the plan."
            min={1}
            max={5}
            allowDecimal={false}
            value={approvals}
            onChange={(value) => setApprovals(typeof value === 'number' ? value : 1)}
            w={220}
          />
        )}
        <Textarea
          label="Reason"
          description="Shown to whoever is stopped by it."
          autosize
          minRows={1}
          maxLength={500}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        <Stack gap="xs">
          <Group justify="space-between">
            <Text size="sm" fw={500}>
              Freezes: times in which nothing is written
            </Text>
            <Button
              variant="default"
              size="xs"
              leftSection={<IconPlus size={14} />}
              onClick={() => setFreezes([...freezes, draftOf(newFreeze('once'))])}
            >
              Add a freeze
            </Button>
          </Group>
          {freezes.map((freeze, index) => (
            <FreezeFields
              key={freeze.key}
              freeze={freeze}
              onChange={(changed) =>
                setFreezes(freezes.map((one) => (one.key === freeze.key ? { ...changed, key: freeze.key } : one)))
              }
              onRemove={() => setFreezes(freezes.filter(({ key }) => key !== freeze.key))}
              label={`Freeze ${index + 1}`}
            />
          ))}
        </Stack>
        <Text size="sm" c="dimmed">
          Approvals that were given for {guard.environmentName} before are void once you save: they were given under
          other rules.
        </Text>
        {save.isError && <ProblemPanel error={save.error} />}
        {reset.isError && <ProblemPanel error={reset.error} />}
        <Group justify="space-between">
          {guard.byDefault ? (
            <span />
          ) : (
            <Button variant="subtle" color="gray" loading={reset.isPending} onClick={() => reset.mutate()}>
              Back to the default
            </Button>
          )}
          <Button type="submit" loading={save.isPending}>
            Save
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

function newFreeze(type: Freeze['type']): Freeze {
  if (type === 'weekly') {
    const timeZone = Intl.DateTimeFormat().resolvedOptions().timeZone
    return { type, reason: '', fromDay: 5, fromTime: '16:00', untilDay: 1, untilTime: '08:00', timeZone }
  }
  const hour = 3_600_000
  const from = Math.ceil(Date.now() / hour) * hour
  return { type, reason: '', from: new Date(from).toISOString(), until: new Date(from + 24 * hour).toISOString() }
}

/** What is wrong with the times of a freeze; undefined when nothing is. */
function faultOf(freeze: Freeze): string | undefined {
  if (freeze.type === 'once') {
    return Date.parse(freeze.from) < Date.parse(freeze.until) ? undefined : 'Has to be after the beginning.'
  }
  const same = freeze.fromDay === freeze.untilDay && freeze.fromTime === freeze.untilTime
  return same ? 'Has to differ from the beginning.' : undefined
}

interface FreezeFieldsProps {
  freeze: Freeze
  label: string
  onChange: (freeze: Freeze) => void
  onRemove: () => void
}

function FreezeFields({ freeze, label, onChange, onRemove }: FreezeFieldsProps) {
  const fault = faultOf(freeze)
  return (
    <fieldset className="card" style={{ margin: 0, padding: 12 }}>
      <legend className="eyebrow">{label}</legend>
      <Stack gap="xs">
        <Group justify="space-between">
          <SegmentedControl
            size="xs"
            data={[
              { value: 'once', label: 'Once' },
              { value: 'weekly', label: 'Every week' },
            ]}
            value={freeze.type}
            onChange={(type) => onChange({ ...newFreeze(type as Freeze['type']), reason: freeze.reason })}
            aria-label={`${label}: how often`}
          />
          <ActionIcon variant="subtle" color="gray" onClick={onRemove} aria-label={`Remove ${label.toLowerCase()}`}>
            <IconTrash size={16} />
          </ActionIcon>
        </Group>
        <TextInput
          label="Reason"
          required
          maxLength={200}
          value={freeze.reason}
          onChange={(event) => onChange({ ...freeze, reason: event.currentTarget.value })}
        />
        {freeze.type === 'once' ? (
          <Group grow align="flex-start">
            <TextInput
              label="From"
              type="datetime-local"
              required
              value={toLocal(freeze.from)}
              onChange={(event) => onChange({ ...freeze, from: fromLocal(event.currentTarget.value, freeze.from) })}
            />
            <TextInput
              label="Until"
              type="datetime-local"
              required
              value={toLocal(freeze.until)}
              error={fault}
              onChange={(event) => onChange({ ...freeze, until: fromLocal(event.currentTarget.value, freeze.until) })}
            />
          </Group>
        ) : (
          <>
            <Group grow align="flex-start">
              <DayAndTime
                label="From"
                day={freeze.fromDay}
                time={freeze.fromTime}
                onChange={(fromDay, fromTime) => onChange({ ...freeze, fromDay, fromTime })}
              />
              <DayAndTime
                label="Until"
                day={freeze.untilDay}
                time={freeze.untilTime}
                fault={fault}
                onChange={(untilDay, untilTime) => onChange({ ...freeze, untilDay, untilTime })}
              />
            </Group>
            <Select
              label="Time zone"
              searchable
              allowDeselect={false}
              limit={50}
              data={[...new Set([freeze.timeZone, 'UTC', ...Intl.supportedValuesOf('timeZone')])]}
              value={freeze.timeZone}
              onChange={(value) => value && onChange({ ...freeze, timeZone: value })}
            />
          </>
        )}
      </Stack>
    </fieldset>
  )
}

interface DayAndTimeProps {
  label: string
  day: number
  time: string
  fault?: string | undefined
  onChange: (day: number, time: string) => void
}

function DayAndTime({ label, day, time, fault, onChange }: DayAndTimeProps) {
  return (
    <Group gap="xs" align="flex-start" wrap="nowrap">
      <Select
        label={label}
        error={fault}
        allowDeselect={false}
        data={weekdays.map((name, index) => ({ value: String(index + 1), label: name }))}
        value={String(day)}
        onChange={(value) => value && onChange(Number(value), time)}
      />
      <TextInput
        label={<span className="visually-hidden">{label}: time</span>}
        type="time"
        required
        value={time}
        onChange={(event) => event.currentTarget.value && onChange(day, event.currentTarget.value)}
      />
    </Group>
  )
}

/** ISO 8601 as the browser's field takes it: local time to the minute. */
function toLocal(at: string): string {
  const date = new Date(at)
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16)
}

function fromLocal(text: string, otherwise: string): string {
  const time = Date.parse(text)
  return Number.isNaN(time) ? otherwise : new Date(time).toISOString()
}
