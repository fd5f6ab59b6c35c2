import { Checkbox, Group, MultiSelect, SimpleGrid, Skeleton, Stack, Text, ThemeIcon, Title } from '@mantine/core'
import { IconCircleCheck, IconCircleMinus, IconCirclePlus } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import type { Shapes } from '../api/client.ts'
import { ProblemPanel } from '../components/ProblemPanel.tsx'
import { environmentIdOf, useSelection } from '../shell/selection.ts'
import type { Matrix } from './matrix-reading.ts'
import { accessAdviceQuery, accessJobsQuery } from './queries.ts'

interface AdviceProps {
  tenantId: string
  environments: Matrix['environments']
}

/** The smallest set of roles for what the worker app is wanted for. */
export function Advice({ tenantId, environments }: AdviceProps) {
  const { from, to } = useSelection()
  const { data: jobs = [], ...reading } = useQuery(accessJobsQuery)
  const [chosen, setChosen] = useState<string[]>([])
  const chosenIn = (place: string | undefined) =>
    environments.map(({ id }) => id).filter((id) => id === environmentIdOf(place))
  const [sources, setSources] = useState(() => chosenIn(from))
  const [destinations, setDestinations] = useState(() => chosenIn(to))
  const needs = jobs.filter(({ id }) => chosen.includes(id))
  const lacking =
    (needs.some((job) => job.needsSource) && sources.length === 0) ||
    (needs.some((job) => job.needsDestination) && destinations.length === 0)
  const ready = chosen.length > 0 && !lacking
  const advice = useQuery({ ...accessAdviceQuery(tenantId, { jobs: chosen, sources, destinations }), enabled: ready })
  const choices = environments.map(({ id, name }) => ({ value: id, label: name }))
  return (
    <section className="card" aria-labelledby="advice">
      <Stack p="md">
        <div>
          <Title order={2} id="advice">
            Which roles does it need?
          </Title>
          <Text size="sm" c="dimmed">
            Choose what this worker app is for: the smallest set of roles, what is missing, and what it has beyond need.
          </Text>
        </div>
        <Checkbox.Group value={chosen} onChange={setChosen} label="It is for">
          <SimpleGrid cols={{ base: 1, md: 2 }} spacing="xs" mt="xs">
            {jobs.map((job) => (
              <Checkbox key={job.id} value={job.id} label={job.label} description={job.description} />
            ))}
          </SimpleGrid>
        </Checkbox.Group>
        {reading.isError && <ProblemPanel error={reading.error} onRetry={() => void reading.refetch()} />}
        <Group grow align="flex-start">
          <MultiSelect label="It reads from" data={choices} value={sources} onChange={setSources} searchable />
          <MultiSelect label="It writes to" data={choices} value={destinations} onChange={setDestinations} searchable />
        </Group>
        {chosen.length > 0 && lacking && (
          <Text size="sm" c="dimmed">
            Choose the environments too.
          </Text>
        )}
        {advice.isError && <ProblemPanel error={advice.error} onRetry={() => void advice.refetch()} />}
        {ready && advice.isPending && <Skeleton height={120} />}
        {ready && advice.data && <Result advice={advice.data} />}
      </Stack>
    </section>
  )
}

const signs = {
  there: { icon: IconCircleCheck, color: 'green', sign: 'It has this' },
  missing: { icon: IconCirclePlus, color: 'red', sign: 'Missing' },
  excess: { icon: IconCircleMinus, color: 'orange', sign: 'Beyond need' },
}

function Result({ advice }: { advice: Shapes['AccessAdvice'] }) {
  const { minimum, missing, excess, notes } = advice
  const isMissing = ({ role, scope }: (typeof minimum)[number]) =>
    missing.some((one) => one.role === role && one.scope === scope)
  return (
    <Stack gap="md" role="status">
      <List title="The smallest set of roles" empty="None is needed.">
        {minimum.map((role) => (
          <Item key={`${role.role} ${role.scope}`} {...(isMissing(role) ? signs.missing : signs.there)}>
            <strong>{role.role}</strong> on {role.scope}
            <Text size="xs" c="dimmed">
              for {role.for.join(', ')}
            </Text>
          </Item>
        ))}
      </List>
      <List title="Missing" empty="Nothing is missing.">
        {missing.map((role) => (
          <Item key={`${role.role} ${role.scope}`} {...signs.missing}>
            <strong>{role.role}</strong> on {role.scope}: {role.why}
            <Text size="xs" c="dimmed" ff="monospace">
              {role.permissions.join(', ')}
            </Text>
          </Item>
        ))}
      </List>
      <List title="Granted beyond need" empty="Nothing that is known of.">
        {excess.map((role) => (
          <Item key={`${role.role} ${role.scope}`} {...signs.excess}>
            <strong>{role.role}</strong> on {role.scope}: {role.why}
            {role.instead ? ` ${role.instead}` : ''}
          </Item>
        ))}
      </List>
      {notes.map((note) => (
        <Text size="sm" c="dimmed" key={note}>
          {note}
        </Text>
      ))}
    </Stack>
  )
}

function List({ title, empty, children }: { title: string; empty: string; children: ReactNode[] }) {
  return (
    <div>
      <Title order={3} size="h5" mb={4}>
        {title}
      </Title>
      {children.length === 0 ? (
        <Text size="sm" c="dimmed">
          {empty}
        </Text>
      ) : (
        <Stack component="ul" gap={6} style={{ listStyle: 'none', margin: 0, padding: 0 }}>
          {children}
        </Stack>
      )}
    </div>
  )
}

interface ItemProps {
  icon: typeof IconCircleCheck
  color: string
  /** What the icon says. */
  sign: string
  children: ReactNode
}

function Item({ icon: Icon, color, sign, children }: ItemProps) {
  return (
    <Group component="li" gap="sm" align="flex-start" wrap="nowrap">
      <ThemeIcon size={20} variant="transparent" color={color}>
        <Icon size={18} role="img" aria-label={sign} />
      </ThemeIcon>
      <Text size="sm" component="div">
        {children}
      </Text>
    </Group>
  )
}
