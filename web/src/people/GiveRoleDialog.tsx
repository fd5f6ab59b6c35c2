import { Autocomplete, Button, Group, Modal, SegmentedControl, Select, Stack, Text, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { answerOf, api, type Shapes } from '../api/client.ts'
import { ProblemPanel } from '../components/ProblemPanel.tsx'
import type { RoleScope } from '../session/permissions.ts'
import { grantsQuery, type Person, peopleQuery } from './grants.ts'
import { RoleScopeFields } from './RoleScopeFields.tsx'

interface GiveRoleDialogProps {
  opened: boolean
  people: readonly Person[]
  onClose: () => void
}

/** Gives a role: to one person, or to all who sign in with some claim. */
export function GiveRoleDialog({ opened, people, onClose }: GiveRoleDialogProps) {
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      size="lg"
      title={
        <Text span fw={600} size="lg">
          Give a role
        </Text>
      }
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <GiveRole people={people} onClose={onClose} />
    </Modal>
  )
}

const administrator: RoleScope[] = [{ role: 'admin' }]
const usualClaims = ['groups', 'email', 'sub', 'preferred_username']

function GiveRole({ people, onClose }: Omit<GiveRoleDialogProps, 'opened'>) {
  const [by, setBy] = useState<'claim' | 'person'>(people.length > 0 ? 'person' : 'claim')
  const [personId, setPersonId] = useState<string | null>(null)
  const [claim, setClaim] = useState('groups')
  const [value, setValue] = useState('')
  const [scope, setScope] = useState<RoleScope>({ role: 'viewer' })
  const [tried, setTried] = useState(false)
  const queryClient = useQueryClient()
  const to = subjectOf({ by, personId, claim, value })
  const give = useMutation({
    mutationFn: (body: Shapes['NewGrant']) => answerOf(api.POST('/api/grants', { body })),
    onSuccess: async () => {
      onClose()
      await Promise.all([
        queryClient.invalidateQueries({ queryKey: grantsQuery.queryKey }),
        queryClient.invalidateQueries({ queryKey: peopleQuery.queryKey }),
      ])
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (to) give.mutate({ ...scope, to })
  }
  const missing = (empty: boolean, words: string) => (tried && empty ? words : undefined)
  return (
    <form onSubmit={submit} noValidate>
      <Stack>
        <SegmentedControl
          aria-label="To whom"
          value={by}
          onChange={(chosen) => setBy(chosen as typeof by)}
          data={[
            { value: 'person', label: 'To one person' },
            { value: 'claim', label: 'To whoever signs in with…' },
          ]}
        />
        {by === 'person' ? (
          <Select
            label="Person"
            description="Listed is who has signed in at least once. Others are reached by their e-mail or group."
            placeholder={people.length > 0 ? 'Choose somebody' : 'Nobody has signed in yet'}
            data={people.map(({ id, name, email }) => ({ value: id, label: email ? `${name} (${email})` : name }))}
            value={personId}
            error={missing(!personId, 'Choose a person.')}
            searchable
            onChange={setPersonId}
          />
        ) : (
          <Group gap="xs" align="flex-start" grow>
            <Autocomplete
              label="Claim"
              description="As PingOne puts it into the token."
              data={usualClaims}
              value={claim}
              error={missing(claim.trim() === '', 'Name the claim.')}
              maxLength={100}
              onChange={setClaim}
            />
            <TextInput
              label="Value"
              description="Exactly this, or one of several."
              placeholder={claim === 'email' ? 'somebody@example.com' : 'identity-admins'}
              value={value}
              error={missing(value.trim() === '', 'Enter the value.')}
              maxLength={500}
              onChange={(event) => setValue(event.currentTarget.value)}
            />
          </Group>
        )}
        <RoleScopeFields value={scope} onChange={setScope} atMost={administrator} />
        {give.isError && <ProblemPanel error={give.error} />}
        <Group justify="flex-end">
          <Text size="xs" c="dimmed" mr="auto">
            It holds at once, also for those who are signed in.
          </Text>
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={give.isPending}>
            Give the role
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

interface Typed {
  by: 'claim' | 'person'
  personId: string | null
  claim: string
  value: string
}

function subjectOf({ by, personId, claim, value }: Typed): Shapes['NewGrant']['to'] | undefined {
  if (by === 'person') return personId ? { type: 'person', personId } : undefined
  if (claim.trim() === '' || value.trim() === '') return undefined
  return { type: 'claim', claim: claim.trim(), value: value.trim() }
}
