import { Badge, Button, Checkbox, Group, Modal, Radio, Stack, Text } from '@mantine/core'
import { IconArrowRight, IconShieldCheck } from '@tabler/icons-react'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { answerOf, api, type Shapes } from '../api/client.ts'
import { environmentsQuery, type KindName, planQuery } from '../api/queries.ts'
import { ProblemPanel } from '../components/ProblemPanel.tsx'
import { environmentIdOf, useSelection } from '../shell/selection.ts'

/** What is to be migrated: picked flows, or every artifact of some kinds. */
export interface MigrateRequest {
  flows?: string[]
  kinds?: KindName[]
  /** For a person: `Registration`, `3 flows`. */
  title: string
}

interface MigrateDialogProps {
  request: MigrateRequest | undefined
  onClose: () => void
}

/** Asks how to migrate, makes the plan, and goes to its review. Nothing is written by this. */
export function MigrateDialog({ request, onClose }: MigrateDialogProps) {
  return (
    <Modal
      opened={request !== undefined}
      onClose={onClose}
      size="lg"
      title={
        <Text span fw={600} size="lg">
          Migrate {request?.title}
        </Text>
      }
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {request && <MigrateForm request={request} onClose={onClose} />}
    </Modal>
  )
}

function MigrateForm({ request, onClose }: { request: MigrateRequest; onClose: () => void }) {
  const { tenantId, from = '', to = '' } = useSelection()
  const [options, setOptions] = useState({
    mode: 'upgrade' as 'upgrade' | 'copy',
    withSubflows: true,
    deploy: true,
    updateVariables: false,
  })
  const queryClient = useQueryClient()
  const navigate = useNavigate()
  const { data: environments = [] } = useQuery(environmentsQuery(tenantId))
  const place = (spec: string) => environments.find(({ id }) => id === environmentIdOf(spec))
  const plan = useMutation({
    mutationFn: () =>
      createPlan(tenantId, { from, to, selection: selectionOf(request), options: { ...options, choices: [] } }),
    onSuccess: (record) => {
      queryClient.setQueryData(planQuery(tenantId, record.id).queryKey, record)
      onClose()
      void navigate({ to: '/plans/$planId', params: { planId: record.id } })
    },
  })
  const set = (change: Partial<typeof options>) => setOptions((current) => ({ ...current, ...change }))
  const withFlows = request.flows !== undefined
  return (
    <Stack>
      <Group gap="xs">
        <Text size="sm" fw={550}>
          {place(from)?.name ?? from}
        </Text>
        <IconArrowRight size={16} aria-label="to" />
        <Text size="sm" fw={550}>
          {place(to)?.name ?? to}
        </Text>
        {place(to)?.type === 'PRODUCTION' && (
          <Badge color="orange" leftSection={<IconShieldCheck size={12} />}>
            Production
          </Badge>
        )}
      </Group>
      {withFlows && (
        <>
          <Radio.Group
            label="What to do with a flow that is there already"
            value={options.mode}
            onChange={(mode) => set({ mode: mode as 'upgrade' | 'copy' })}
          >
            <Stack gap="xs" mt="xs">
              <Radio
                value="upgrade"
                label="Upgrade it in place"
                description="The matching flow gets a new version. Policies and parents that use it keep their pointers."
              />
              <Radio
                value="copy"
                label="Copy as new"
                description="A flow of its own is created beside it; what is there stays untouched."
              />
            </Stack>
          </Radio.Group>
          <Checkbox
            label="With subflows that differ"
            description="Subflows that the destination lacks are always taken along."
            checked={options.withSubflows}
            onChange={(event) => set({ withSubflows: event.currentTarget.checked })}
          />
          <Checkbox
            label="Deploy after writing"
            description="Otherwise the new versions are left staged, and what runs stays as it is until someone deploys."
            checked={options.deploy}
            onChange={(event) => set({ deploy: event.currentTarget.checked })}
          />
        </>
      )}
      <Checkbox
        label="Update variables that differ"
        description="Off, since values often differ between environments on purpose. Missing variables are always created."
        checked={options.updateVariables}
        onChange={(event) => set({ updateVariables: event.currentTarget.checked })}
      />
      {plan.isError && <ProblemPanel error={plan.error} />}
      <Group justify="flex-end">
        <Text size="xs" c="dimmed" mr="auto">
          The next step shows the plan. Nothing is written yet.
        </Text>
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button loading={plan.isPending} onClick={() => plan.mutate()}>
          Review the plan
        </Button>
      </Group>
    </Stack>
  )
}

function selectionOf({ flows, kinds }: MigrateRequest): Shapes['PlanSelection'] {
  return { ...(flows ? { flows } : {}), ...(kinds ? { kinds } : {}) }
}

function createPlan(tenantId: string, body: Shapes['PlanRequest']): Promise<Shapes['PlanRecord']> {
  return answerOf(api.POST('/api/tenants/{tenantId}/plans', { params: { path: { tenantId } }, body }))
}
