import { Button, Group, Skeleton, Stack, Text, TextInput, Title } from '@mantine/core'
import { IconPlus, IconSearch, IconUsers } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { EmptyState } from '../components/EmptyState.tsx'
import { TextLink } from '../components/links.tsx'
import { Page } from '../components/Page.tsx'
import { ProblemPanel } from '../components/ProblemPanel.tsx'
import { NeedsPermission } from '../session/NeedsPermission.tsx'
import { usePlaceNames } from '../session/place-names.ts'
import { mayConfigure, useSession } from '../session/session.ts'
import { GiveRoleDialog } from './GiveRoleDialog.tsx'
import { GrantTable } from './GrantTable.tsx'
import { type Person, peopleQuery } from './grants.ts'
import { PersonCard } from './PersonCard.tsx'

/** Settings > People & Roles: who gets which role, who has signed in, and how to end that. */
export function PeoplePage() {
  const { session, caller } = useSession()
  const allowed = mayConfigure(caller)
  const people = useQuery({ ...peopleQuery, enabled: allowed })
  const [giving, setGiving] = useState(false)
  return (
    <Page
      title="People & Roles"
      summary="Who may do what, in which tenant and environment. Roles hold as soon as they are given, and end as soon as they are taken back."
      width={1040}
      actions={
        allowed && (
          <Button leftSection={<IconPlus size={16} />} onClick={() => setGiving(true)}>
            Give a role
          </Button>
        )
      }
    >
      <NeedsPermission permission="configure">
        <Stack gap="xl">
          {session && !session.signInRequired && <NobodySignsIn />}
          <section aria-labelledby="roles">
            <Title order={2} id="roles" mb="sm">
              Roles
            </Title>
            <div className="card">
              <GrantTable people={people.data ?? []} />
            </div>
          </section>
          <section aria-labelledby="people">
            {people.isError && <ProblemPanel error={people.error} onRetry={() => void people.refetch()} />}
            {people.isPending && <Skeleton height={200} />}
            {people.data && <PersonList people={people.data} self={caller?.id} />}
          </section>
        </Stack>
        <GiveRoleDialog opened={giving} people={people.data ?? []} onClose={() => setGiving(false)} />
      </NeedsPermission>
    </Page>
  )
}

function NobodySignsIn() {
  return (
    <Group className="card" p="md" gap="sm">
      <Text size="sm" style={{ flex: 1 }}>
        Nobody has to sign in to this console yet, so roles have no effect: everybody is its administrator.
      </Text>
      <TextLink to="/settings/login-app">Set up sign-in</TextLink>
    </Group>
  )
}

function PersonList({ people, self }: { people: readonly Person[]; self: string | undefined }) {
  const [search, setSearch] = useState('')
  const names = usePlaceNames(people.flatMap(({ roles }) => roles))
  const wanted = search.trim().toLowerCase()
  const shown = people.filter(({ name, email = '' }) => `${name} ${email}`.toLowerCase().includes(wanted))
  return (
    <>
      <Group justify="space-between" mb="sm">
        <Title order={2} id="people">
          People
        </Title>
        {people.length > 5 && (
          <TextInput
            size="xs"
            aria-label="Search people"
            placeholder="Search by name or e-mail"
            leftSection={<IconSearch size={14} aria-hidden />}
            value={search}
            onChange={(event) => setSearch(event.currentTarget.value)}
          />
        )}
      </Group>
      {people.length === 0 && (
        <div className="card">
          <EmptyState icon={IconUsers} title="Nobody has signed in yet">
            Whoever signs in with PingOne is listed here from then on, with their roles and sessions.
          </EmptyState>
        </div>
      )}
      {people.length > 0 && shown.length === 0 && <Text size="sm">Nobody by that name.</Text>}
      <Stack gap="sm">
        {shown.map((person) => (
          <PersonCard key={person.id} person={person} names={names} self={person.id === self} />
        ))}
      </Stack>
    </>
  )
}
