import { Badge, Group, HoverCard, Stack, Text } from '@mantine/core'
import { useId, useState } from 'react'
import type { Shapes } from '../api/client.ts'
import classes from './access.module.css'
import type { Matrix } from './matrix-reading.ts'

type Operation = Shapes['AccessOperation']
type Cell = Shapes['AccessCell']

const operations: { id: Operation; letter: string; label: string }[] = [
  { id: 'read', letter: 'R', label: 'Read' },
  { id: 'create', letter: 'C', label: 'Create' },
  { id: 'update', letter: 'U', label: 'Update' },
  { id: 'delete', letter: 'D', label: 'Delete' },
  { id: 'deploy', letter: 'P', label: 'Deploy' },
  { id: 'export', letter: 'E', label: 'Export' },
]

const states: Record<Cell['state'], string> = {
  granted: 'allowed',
  denied: 'refused',
  partial: 'in part',
  unknown: 'not known',
}

const bases: Record<Cell['basis'], string> = {
  roles: 'from the roles',
  probe: 'from a trial',
  both: 'from the roles, confirmed by a trial',
  none: 'neither roles nor trials tell',
}

const domains = { orchestration: 'Orchestration', identity: 'Identity' } as const

/** Areas × environments; each cell shows its operations as letters, filled when allowed. */
export function AccessTable({ matrix }: { matrix: Matrix }) {
  const { areas, environments } = matrix
  const groups = (['orchestration', 'identity'] as const)
    .map((domain) => ({ domain, areas: areas.filter((area) => area.domain === domain) }))
    .filter((group) => group.areas.length > 0)
  return (
    <div className="card">
      <Legend />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls sideways, which the keyboard must reach */}
      <section className={classes.scroller} tabIndex={0} aria-label="Access matrix">
        <table className={classes.matrix}>
          <thead>
            <tr>
              <th scope="col" className={classes.area}>
                What
              </th>
              {environments.map((environment) => (
                <th key={environment.id} scope="col" className={classes.environment}>
                  <EnvironmentHead environment={environment} />
                </th>
              ))}
            </tr>
          </thead>
          {groups.map((group) => (
            <tbody key={group.domain}>
              <tr>
                <th scope="rowgroup" className={classes.domain}>
                  {domains[group.domain]}
                </th>
                <td className={classes.beside} colSpan={environments.length} />
              </tr>
              {group.areas.map((area) => (
                <tr key={area.id}>
                  <th scope="row" className={classes.area}>
                    {area.label}
                  </th>
                  {environments.map(({ id, name, cells }) => (
                    <td key={id}>
                      <Cells cells={cells[area.id] ?? {}} where={`${area.label} of ${name}`} />
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          ))}
        </table>
      </section>
    </div>
  )
}

/** The environment, with the roles that the worker app has there. */
function EnvironmentHead({ environment }: { environment: Matrix['environments'][number] }) {
  return (
    <>
      <Group gap={6}>
        <Text size="sm" fw={600} className="long-name">
          {environment.name}
        </Text>
        {environment.type === 'PRODUCTION' && (
          <Badge size="xs" color="orange">
            Production
          </Badge>
        )}
      </Group>
      {environment.roles.map((role) => (
        <Text key={`${role.name} ${role.scope}`} size="xs" c="dimmed" fw={400}>
          {role.scope === 'this environment' ? role.name : `${role.name} (${role.scope})`}
        </Text>
      ))}
    </>
  )
}

function Cells({ cells, where }: { cells: Partial<Record<Operation, Cell>>; where: string }) {
  const [open, setOpen] = useState(false)
  const cardId = useId()
  const present = operations.flatMap((operation) => {
    const cell = cells[operation.id]
    return cell ? [{ ...operation, cell }] : []
  })
  if (present.length === 0) return <span className={classes.none}>–</span>
  const spoken = present.map(({ label, cell }) => `${label}: ${states[cell.state]}`).join(', ')
  return (
    <HoverCard
      width={340}
      shadow="md"
      openDelay={150}
      withinPortal
      onOpen={() => setOpen(true)}
      onClose={() => setOpen(false)}
    >
      <HoverCard.Target>
        <button
          type="button"
          className={classes.cell}
          aria-label={`${where}. ${spoken}`}
          {...(open ? { 'aria-describedby': cardId } : {})}
        >
          {present.map(({ id, letter, cell }) => (
            <span key={id} className={classes.letter} data-state={cell.state} data-letter={letter} />
          ))}
        </button>
      </HoverCard.Target>
      <HoverCard.Dropdown>
        <Stack gap={6} id={cardId}>
          <Text size="sm" fw={600}>
            {where}
          </Text>
          {present.map(({ id, label, cell }) => (
            <div key={id}>
              <Text size="sm">
                {label}: <strong>{states[cell.state]}</strong>, {bases[cell.basis]}
                {cell.roles.length > 0 ? `: ${cell.roles.join(', ')}` : ''}
              </Text>
              {cell.note && (
                <Text size="xs" c="dimmed">
                  {cell.note}
                </Text>
              )}
              <Text size="xs" c="dimmed" ff="monospace" style={{ overflowWrap: 'anywhere' }}>
                {cell.permissions.join(', ')}
              </Text>
            </div>
          ))}
        </Stack>
      </HoverCard.Dropdown>
    </HoverCard>
  )
}

function Legend() {
  return (
    <Group gap="lg" px="md" py="sm" className={classes.legend}>
      <Group gap="sm">
        {operations.map(({ id, letter, label }) => (
          <Text size="xs" key={id}>
            <strong>{letter}</strong> {label}
          </Text>
        ))}
      </Group>
      <Group gap="sm">
        {(['granted', 'partial', 'denied', 'unknown'] as const).map((state) => (
          <Group key={state} gap={5}>
            <span className={classes.letter} data-state={state} data-letter="R" />
            <Text size="xs">{states[state]}</Text>
          </Group>
        ))}
      </Group>
    </Group>
  )
}
