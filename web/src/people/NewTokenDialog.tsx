import {
  ActionIcon,
  Alert,
  Button,
  Code,
  CopyButton,
  Group,
  Modal,
  Select,
  Stack,
  Text,
  TextInput,
} from '@mantine/core'
import { IconCheck, IconCopy, IconEyeOff, IconPlus, IconX } from '@tabler/icons-react'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { answerOf, api } from '../api/client.ts'
import { ProblemPanel } from '../components/ProblemPanel.tsx'
import { exactTime } from '../components/time.tsx'
import { coversRole, type RoleScope } from '../session/permissions.ts'
import { useSession } from '../session/session.ts'
import { RoleScopeFields } from './RoleScopeFields.tsx'
import { tokensQuery } from './TokensPage.tsx'

/** Makes an API token and shows it, this once. */
export function NewTokenDialog({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const [fresh, setFresh] = useState<Fresh>()
  const close = () => {
    setFresh(undefined)
    onClose()
  }
  return (
    <Modal
      opened={opened}
      onClose={close}
      size="lg"
      title={
        <Text span fw={600} size="lg">
          {fresh ? 'Copy your token now' : 'New API token'}
        </Text>
      }
      closeButtonProps={{ 'aria-label': 'Close' }}
      // A token that wasn't copied is lost: a slip must not close this.
      closeOnClickOutside={!fresh}
      closeOnEscape={!fresh}
      withCloseButton={!fresh}
    >
      {fresh ? <FreshToken fresh={fresh} onClose={close} /> : <NewToken onMade={setFresh} onClose={close} />}
    </Modal>
  )
}

/** The token as it is shown once; kept nowhere else in the page. */
interface Fresh {
  name: string
  token: string
  expiresAt: string
}

const lifetimes = [
  { value: '7', label: '7 days' },
  { value: '30', label: '30 days' },
  { value: '90', label: '90 days' },
  { value: '180', label: '180 days' },
  { value: '365', label: '1 year' },
]

function NewToken({ onMade, onClose }: { onMade: (fresh: Fresh) => void; onClose: () => void }) {
  const { caller } = useSession()
  const held = caller?.roles ?? []
  const first: RoleScope = { ...(held.find(({ environmentId }) => !environmentId) ?? held[0]), role: 'viewer' }
  const [name, setName] = useState('')
  const [days, setDays] = useState('90')
  const [roles, setRoles] = useState([{ key: 0, scope: first }])
  const [tried, setTried] = useState(false)
  const queryClient = useQueryClient()
  const make = useMutation({
    mutationFn: () =>
      answerOf(
        api.POST('/api/tokens', {
          body: { name: name.trim(), roles: roles.map(({ scope }) => scope), expiresInDays: Number(days) },
        }),
      ),
    onSuccess: async (made) => {
      onMade({ name: made.name, token: made.token, expiresAt: made.expiresAt })
      await queryClient.invalidateQueries({ queryKey: tokensQuery.queryKey })
    },
    gcTime: 0,
  })
  const beyond = roles.some(({ scope }) => !coversRole(held, scope))
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (name.trim() !== '' && !beyond) make.mutate()
  }
  const change = (key: number, scope: RoleScope) =>
    setRoles((current) => current.map((one) => (one.key === key ? { key, scope } : one)))
  return (
    <form onSubmit={submit} noValidate>
      <Stack>
        <Group gap="xs" align="flex-start" wrap="nowrap">
          <TextInput
            label="Name"
            placeholder="Nightly comparison"
            value={name}
            maxLength={100}
            error={tried && name.trim() === '' ? 'Say what it is for.' : undefined}
            style={{ flex: 1 }}
            data-autofocus
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <Select
            label="Ends after"
            data={lifetimes}
            value={days}
            allowDeselect={false}
            w={150}
            onChange={(chosen) => chosen && setDays(chosen)}
          />
        </Group>
        {roles.map(({ key, scope }, index) => (
          <Group key={key} gap="xs" align="flex-start" wrap="nowrap" role="group" aria-label={`Role ${index + 1}`}>
            <div style={{ flex: 1 }}>
              <RoleScopeFields value={scope} onChange={(changed) => change(key, changed)} atMost={held} />
            </div>
            {roles.length > 1 && (
              <ActionIcon
                mt={26}
                aria-label={`Remove role ${index + 1}`}
                onClick={() => setRoles((current) => current.filter((one) => one.key !== key))}
              >
                <IconX size={16} />
              </ActionIcon>
            )}
          </Group>
        ))}
        <Group>
          <Button
            variant="subtle"
            size="compact-sm"
            leftSection={<IconPlus size={14} />}
            disabled={roles.length >= 50}
            onClick={() =>
              setRoles((current) => [...current, { key: Math.max(...current.map(({ key }) => key)) + 1, scope: first }])
            }
          >
            Another role
          </Button>
        </Group>
        {beyond && (
          <Alert color="orange" variant="light" role="alert">
            That is more than you may do yourself. Choose a smaller role, or one environment.
          </Alert>
        )}
        {make.isError && <ProblemPanel error={make.error} />}
        <Group justify="flex-end">
          <Text size="xs" c="dimmed" mr="auto">
            {caller?.kind === 'person'
              ? 'When your own roles shrink, the token’s shrink with them.'
              : 'It belongs to nobody: its roles stay as they are until it ends.'}
          </Text>
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={make.isPending}>
            Make the token
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

function FreshToken({ fresh, onClose }: { fresh: Fresh; onClose: () => void }) {
  return (
    <Stack>
      <Alert color="orange" variant="light" icon={<IconEyeOff size={18} />} title="It is shown this once">
        <Text size="sm">FlightIQ keeps only a fingerprint of it. Put it where your pipeline keeps its secrets.</Text>
      </Alert>
      <div>
        <Text size="sm" mb={4} className="long-name">
          {fresh.name}, until {exactTime(fresh.expiresAt)}
        </Text>
        <Code block style={{ overflowWrap: 'anywhere', whiteSpace: 'pre-wrap' }} aria-label="API token">
          {fresh.token}
        </Code>
      </div>
      <Group justify="flex-end">
        <CopyButton value={fresh.token}>
          {({ copied, copy }) => (
            <Button
              variant={copied ? 'default' : 'filled'}
              leftSection={copied ? <IconCheck size={16} /> : <IconCopy size={16} />}
              onClick={copy}
              data-autofocus
            >
              {copied ? 'Copied' : 'Copy token'}
            </Button>
          )}
        </CopyButton>
        <Button variant="default" onClick={onClose}>
          Done, I have it
        </Button>
      </Group>
    </Stack>
  )
}
