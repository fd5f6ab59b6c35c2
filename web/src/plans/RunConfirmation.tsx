import { Alert, Button, Group, List, Modal, Stack, Text, TextInput } from '@mantine/core'
import { IconShieldCheck } from '@tabler/icons-react'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { answerOf, api, type Shapes } from '../api/client.ts'
import { count, listed } from '../components/count.ts'
import { isolated, shortened } from '../components/name.ts'
import { ProblemPanel } from '../components/ProblemPanel.tsx'
import { forgetPlaces } from '../runs/live-run.ts'

interface RunConfirmationProps {
  record: Shapes['PlanRecord']
  production: boolean
  opened: boolean
  onClose: () => void
}

/** Says exactly what will happen where, and starts the run. For production its name has to be typed. */
export function RunConfirmation({ record, production, opened, onClose }: RunConfirmationProps) {
  const { destination } = record.plan
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      centered
      title={
        <Text span fw={600} size="lg">
          Run this plan in {destination.name}?
        </Text>
      }
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <Confirmation record={record} production={production} onClose={onClose} />
    </Modal>
  )
}

function Confirmation({ record, production, onClose }: Omit<RunConfirmationProps, 'opened'>) {
  const { id: planId, tenantId, plan } = record
  const [typed, setTyped] = useState('')
  const navigate = useNavigate()
  const queryClient = useQueryClient()
  const start = useMutation({
    mutationFn: () =>
      answerOf(api.POST('/api/tenants/{tenantId}/plans/{planId}/runs', { params: { path: { tenantId, planId } } })),
    onSuccess: (run) => {
      forgetPlaces(queryClient, tenantId)
      onClose()
      void navigate({ to: '/runs/$runId', params: { runId: run.id } })
    },
  })
  const confirmed = !production || typed.trim() === plan.destination.name
  const named = (action: string) => plan.operations.filter((operation) => operation.action === action)
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        if (confirmed) start.mutate()
      }}
    >
      <Stack>
        <Text size="sm">In the environment {plan.destination.name}, in this order where one needs the other:</Text>
        <List size="sm" spacing={4}>
          {(['create', 'update', 'deploy', 'enable', 'disable'] as const).map((action) => {
            const operations = named(action)
            if (operations.length === 0) return null
            return (
              <List.Item key={action} className="long-name">
                {words[action]} {namesOf(operations)}
              </List.Item>
            )
          })}
        </List>
        <Text size="sm" c="dimmed">
          {count(plan.totals.requests, 'request')} to PingOne. What is replaced is kept. The run stops at the first
          failure and can be resumed.
        </Text>
        {production && (
          <Alert
            color="orange"
            variant="light"
            icon={<IconShieldCheck size={18} />}
            title="This is a production environment"
          >
            <TextInput
              mt="xs"
              label={
                <>
                  Type its name to go on: <bdi className="long-name">{plan.destination.name}</bdi>
                </>
              }
              value={typed}
              onChange={(event) => setTyped(event.currentTarget.value)}
              autoComplete="off"
              data-autofocus
            />
          </Alert>
        )}
        {start.isError && <ProblemPanel error={start.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Not now
          </Button>
          <Button type="submit" disabled={!confirmed} loading={start.isPending}>
            Run in {plan.destination.name}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

const words = {
  create: 'create',
  update: 'replace',
  deploy: 'deploy, so that it runs from then on:',
  enable: 'switch on',
  disable: 'switch off',
}

function namesOf(operations: Shapes['Operation'][]): string {
  const names = [...new Set(operations.map(({ name }) => `“${isolated(shortened(name))}”`))]
  return names.length > 6 ? listed([...names.slice(0, 5), `${names.length - 5} more`]) : listed(names)
}
