import { Badge, Group, Loader, Select, type SelectProps, Text } from '@mantine/core'
import { IconShieldCheck } from '@tabler/icons-react'
import type { Problem, Shapes } from '../api/client.ts'
import classes from './EnvironmentSelect.module.css'

type Environment = Shapes['Environment']

interface HeaderSelectProps extends Omit<SelectProps, 'onChange' | 'label' | 'data'> {
  label: string
  data: { value: string; label: string }[]
  onChoose: (value: string) => void
}

/** A small labelled, searchable choice for the header. */
export function HeaderSelect({ label, onChoose, ...select }: HeaderSelectProps) {
  return (
    <Select
      {...select}
      label={label}
      classNames={{ root: classes.root ?? '', label: classes.label ?? '', input: classes.input ?? '' }}
      size="xs"
      searchable
      selectFirstOptionOnChange
      allowDeselect={false}
      nothingFoundMessage="Nothing by that name"
      comboboxProps={{ width: 300, position: 'bottom-start' }}
      onChange={(value) => value && onChoose(value)}
    />
  )
}

interface EnvironmentSelectProps {
  label: 'Source' | 'Destination'
  environments: Environment[]
  loading: boolean
  problem: Problem | undefined
  value: string | undefined
  onChoose: (id: string) => void
}

/** The choice of an environment. Production ones are marked, in the list and once chosen. */
export function EnvironmentSelect({ label, environments, loading, problem, value, onChoose }: EnvironmentSelectProps) {
  const byId = new Map(environments.map((environment) => [environment.id, environment]))
  const production = value !== undefined && byId.get(value)?.type === 'PRODUCTION'
  return (
    <HeaderSelect
      label={label}
      value={value ?? null}
      // A choice that isn't in the list (yet) is shown as it stands, instead of as nothing.
      data={[
        ...environments.map(({ id, name }) => ({ value: id, label: name })),
        ...(value && !byId.has(value) && !loading ? [{ value, label: 'Not visible to the worker app' }] : []),
      ]}
      placeholder={loading ? 'Reading…' : problem ? 'Not available' : `Choose a ${label.toLowerCase()}`}
      disabled={problem !== undefined}
      onChoose={onChoose}
      leftSection={
        loading ? <Loader size={12} /> : production ? <IconShieldCheck size={15} aria-label="Production" /> : null
      }
      {...(production ? { leftSectionProps: { style: { color: 'var(--state-different)' } } } : {})}
      renderOption={({ option }) => <EnvironmentOption environment={byId.get(option.value)} label={option.label} />}
    />
  )
}

function EnvironmentOption({ environment, label }: { environment: Environment | undefined; label: string }) {
  return (
    <Group gap="xs" justify="space-between" wrap="nowrap" style={{ flex: 1 }}>
      <div style={{ minWidth: 0 }}>
        <Text size="sm" truncate>
          {label}
        </Text>
        {environment?.description && (
          <Text size="xs" c="dimmed" truncate>
            {environment.description}
          </Text>
        )}
      </div>
      {environment?.type === 'PRODUCTION' && (
        <Badge size="sm" color="orange" leftSection={<IconShieldCheck size={12} />}>
          Production
        </Badge>
      )}
    </Group>
  )
}
