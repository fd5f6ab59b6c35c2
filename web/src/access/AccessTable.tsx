import { Badge, Group, HoverCard, Stack, Text } from '@mantine/core'
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

const states: Record<Cell['state'], { label: string; sign: string }> = {
  granted: { label: 'allowed', sign: '' },
  denied: { label: 'refused', sign: '' },
  partial: { label: 'in part', sign: '' },
  unknown: { label: 'not known', sign: '?' },
}

const bases: Record<Cell['basis'], string> = {
  roles: 'from the roles',
  probe: 'from a trial',
  both: 'from the roles, confirmed by a trial',
  none: 'neither roles nor trials tell',
}

const domains = { orchestration: 'Orchestration', identity: 'Identity' } as const

/** Environments × areas; each cell shows its operations as letters, filled when allowed. */
export function AccessTable({ matrix }: { matrix: Matrix }) {
  const { areas, environments } = matrix
  const groups = (['orchestration', 'identity'] as const)
    .map((domain) => ({ domain, areas: areas.filter((area) => area.domain === domain) }))
    .filter((group) => group.areas.length > 0)
  const ordered = groups.flatMap((group) => group.areas)
  return (
    <div className="card">
      <Legend />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls sideways, which the keyboard must reach */}
      <section className={classes.scroller} tabIndex={0} aria-label="Access matrix">
        <table className={classes.matrix}>
          <thead>
            <tr>
              <th rowSpan={2} scope="col" className={classes.corner}>
                Environment
              </th>
              {groups.map((group) => (
                <th key={group.domain} colSpan={group.areas.length} scope="colgroup" className={classes.domain}>
                  {domains[group.domain]}
                </th>
              ))}
            </tr>
            <tr>
              {ordered.map((area) => (
                <th key={area.id} scope="col" className={classes.area}>
                  {area.label}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {environments.map((environment) => (
              <tr key={environment.id}>
                <th scope="row" className={classes.environment}>
                  <Group gap={6} wrap="nowrap">
                    <Text size="sm" fw={600}>
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
                      {role.name} ({role.scope})
                    </Text>
                  ))}
                </th>
                {ordered.map((area) => (
                  <td key={area.id}>
                    <Cells cells={environment.cells[area.id] ?? {}} where={`${area.label} of ${environment.name}`} />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </div>
  )
}

function Cells({ cells, where }: { cells: Partial<Record<Operation, Cell>>; where: string }) {
  const present = operations.flatMap((operation) => {
    const cell = cells[operation.id]
    return cell ? [{ ...operation, cell }] : []
  })
  if (present.length === 0) return <span className={classes.none}>–</span>
  const spoken = present.map(({ label, cell }) => `${label}: ${states[cell.state].label}`).join(', ')
  return (
    <HoverCard width={340} shadow="md" openDelay={150} withinPortal>
      <HoverCard.Target>
        <button type="button" className={classes.cell} aria-label={`${where}. ${spoken}`}>
          {present.map(({ id, letter, cell }) => (
            <span key={id} className={classes.letter} data-state={cell.state} aria-hidden>
              {states[cell.state].sign || letter}
            </span>
          ))}
        </button>
      </HoverCard.Target>
      <HoverCard.Dropdown>
        <Stack gap={6}>
          <Text size="sm" fw={600}>
            {where}
          </Text>
          {present.map(({ id, label, cell }) => (
            <div key={id}>
              <Text size="sm">
                {label}: <strong>{states[cell.state].label}</strong>, {bases[cell.basis]}
                {cell.roles.length > 0 ? `: ${cell.roles.join(', ')}` : ''}
              </Text>
              {cell.note && (
                <Text size="xs" c="dimmed">
                  {cell.note}
                </Text>
              )}
              <Text size="xs" c="dimmed" ff="monospace">
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
    <Group gap="md" p="sm" className={classes.legend}>
      {operations.map(({ id, letter, label }) => (
        <Group key={id} gap={4}>
          <span className={classes.letter} data-state="granted" aria-hidden>
            {letter}
          </span>
          <Text size="xs">{label}</Text>
        </Group>
      ))}
      {(['granted', 'partial', 'denied', 'unknown'] as const).map((state) => (
        <Group key={state} gap={4}>
          <span className={classes.letter} data-state={state} aria-hidden>
            {states[state].sign || ' '}
          </span>
          <Text size="xs">{states[state].label}</Text>
        </Group>
      ))}
    </Group>
  )
}
