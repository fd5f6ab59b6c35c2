import { Button, Group, Select, Stack, Text, TextInput, Title } from '@mantine/core'
import { IconCircleCheck, IconLogin2 } from '@tabler/icons-react'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { answerOf, api } from '../api/client.ts'
import { ProblemPanel } from '../components/ProblemPanel.tsx'
import { grantsQuery, subjectInWords } from '../people/grants.ts'
import { signInAddress } from '../session/return-to.ts'

/** After the login app is saved, until an administrator has signed in: who that shall be, and the way to try it. */
export function FirstAdministrator() {
  const grants = useQuery(grantsQuery)
  const administrators = grants.data?.filter(({ role, tenantId }) => role === 'admin' && tenantId === undefined) ?? []
  return (
    <Stack gap="md" pt="md" style={{ borderTop: '1px solid var(--app-border)' }}>
      <div>
        <Title order={3}>Who is the first administrator?</Title>
        <Text size="sm" c="dimmed">
          Whoever signs in has no role at first. Name somebody who becomes administrator of FlightIQ, best yourself.
        </Text>
      </div>
      {grants.isError && <ProblemPanel error={grants.error} onRetry={() => void grants.refetch()} />}
      {administrators.map((grant) => (
        <Group key={grant.id} gap={8} wrap="nowrap">
          <IconCircleCheck size={18} color="var(--state-identical)" aria-hidden />
          <Text size="sm" className="long-name">
            {subjectInWords(grant.to, [])} becomes administrator.
          </Text>
        </Group>
      ))}
      <NameAdministrator more={administrators.length > 0} />
      {administrators.length > 0 && (
        <Group gap="sm">
          <Button
            component="a"
            href={signInAddress(`${location.pathname}${location.search}`)}
            leftSection={<IconLogin2 size={16} />}
          >
            Sign in with PingOne now
          </Button>
          <Text size="sm" c="dimmed" style={{ flex: 1, minWidth: 220 }}>
            If it fails you are still local administrator here, and can mend the values.
          </Text>
        </Group>
      )}
    </Stack>
  )
}

const claims = [
  { value: 'email', label: 'E-mail address' },
  { value: 'groups', label: 'Member of the group' },
]

function NameAdministrator({ more }: { more: boolean }) {
  const [claim, setClaim] = useState('email')
  const [value, setValue] = useState('')
  const queryClient = useQueryClient()
  const give = useMutation({
    mutationFn: () =>
      answerOf(api.POST('/api/grants', { body: { role: 'admin', to: { type: 'claim', claim, value: value.trim() } } })),
    onSuccess: async () => {
      setValue('')
      await queryClient.invalidateQueries({ queryKey: grantsQuery.queryKey })
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (value.trim() !== '') give.mutate()
  }
  return (
    <form onSubmit={submit}>
      <Group gap="xs" align="flex-end">
        <Select
          label="Known by"
          data={claims}
          value={claim}
          allowDeselect={false}
          w={190}
          onChange={(chosen) => chosen && setClaim(chosen)}
        />
        <TextInput
          label={claim === 'email' ? 'E-mail' : 'Name of the group'}
          placeholder={claim === 'email' ? 'you@example.com' : 'identity-admins'}
          value={value}
          maxLength={500}
          style={{ flex: 1, minWidth: 200 }}
          onChange={(event) => setValue(event.currentTarget.value)}
        />
        <Button
          type="submit"
          variant={more ? 'default' : 'filled'}
          loading={give.isPending}
          disabled={value.trim() === ''}
        >
          Make administrator
        </Button>
      </Group>
      {give.isError && (
        <div style={{ marginTop: 12 }}>
          <ProblemPanel error={give.error} />
        </div>
      )}
    </form>
  )
}
