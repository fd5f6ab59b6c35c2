import { Alert, Button, Group, Stack, Text, Textarea, Title } from '@mantine/core'
import { IconCheck, IconLock, IconSend, IconX } from '@tabler/icons-react'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { answerOf, api, type Shapes } from '../api/client.ts'
import { count } from '../components/count.ts'
import { ProblemPanel } from '../components/ProblemPanel.tsx'
import { Ago } from '../components/time.tsx'
import { useSession } from '../session/session.ts'
import { useRefusal } from '../session/use-may.ts'
import { ApprovalState } from './ApprovalState.tsx'
import { approvalsQuery, personOf, useRunPermission } from './queries.ts'

/** What stands between a plan and its run: guards, and the approval of somebody else. */
export function PlanApproval({ record }: { record: Shapes['PlanRecord'] }) {
  const { tenantId, id: planId } = record
  const permission = useRunPermission(record)
  if (permission.isError) return <ProblemPanel error={permission.error} onRetry={() => void permission.refetch()} />
  if (!permission.data) return null
  const { approval, mayAskForApproval, mayDecide } = permission.data
  const obstacles = permission.data.obstacles.filter(
    // Some are told beside the Run button already; that an approval is waited for is told by its state.
    ({ code }) => !toldByTheButton.has(code) && !(approval?.state === 'open' && code === 'APPROVAL_NEEDED'),
  )
  if (obstacles.length === 0 && !approval) return null
  return (
    <section className="card" aria-labelledby="approval">
      <Stack p="md" gap="sm">
        <Group gap="sm">
          <Title order={2} id="approval">
            {approval ? 'Approval' : 'What stands in the way'}
          </Title>
          {approval && <ApprovalState state={approval.state} />}
        </Group>
        {obstacles.map((obstacle) => (
          <Alert key={obstacle.code} color="orange" variant="light" icon={<IconLock size={18} />}>
            <Text size="sm">{obstacle.detail}</Text>
            {obstacle.nextStep && (
              <Text size="sm" mt={4}>
                <strong>Next step:</strong> {obstacle.nextStep}
              </Text>
            )}
          </Alert>
        ))}
        {approval && <Decisions approval={approval} />}
        {mayAskForApproval && <Ask tenantId={tenantId} planId={planId} />}
        {approval && mayDecide && <Decide approval={approval} hash={record.hash} />}
        {approval?.state === 'open' && !mayDecide && <NotForYou record={record} approval={approval} />}
      </Stack>
    </section>
  )
}

const toldByTheButton = new Set(['PERMISSION_MISSING', 'PLAN_ALREADY_RUN'])

function Decisions({ approval }: { approval: Shapes['Approval'] }) {
  const { state, why, needed, decisions } = approval
  const given = decisions.filter(({ decision }) => decision === 'approved').length
  return (
    <Stack gap={6}>
      <Text size="sm" className="long-name">
        {approval.requestedBy.name} asked for it <Ago at={approval.requestedAt} />
        {approval.comment ? `: “${approval.comment}”` : '.'}
      </Text>
      {decisions.map((decision) => (
        <Text size="sm" key={decision.by.id} className="long-name">
          {decision.by.name} {decision.decision} it <Ago at={decision.at} />
          {decision.comment ? `: “${decision.comment}”` : '.'}
        </Text>
      ))}
      {why && state !== 'open' && state !== 'declined' && (
        <Text size="sm" c="dimmed">
          {why}
        </Text>
      )}
      {state === 'open' && (
        <Text size="sm" c="dimmed">
          {given} of {count(needed, 'approval')} given. It expires <Ago at={approval.expiresAt} />.
        </Text>
      )}
    </Stack>
  )
}

/** Why whoever looks at an open request has no buttons for it. */
function NotForYou({ record, approval }: { record: Shapes['PlanRecord']; approval: Shapes['Approval'] }) {
  const { tenantId, environmentId } = approval
  const { caller } = useSession()
  const refusal = useRefusal('approve', { tenantId, environmentId })
  const me = caller && personOf(caller)
  const mine = me === approval.requestedBy.id || me === record.createdBy?.id
  return (
    <Text size="sm" c="dimmed">
      {mine
        ? 'You made this plan or asked for its approval, so somebody else who may approve here has to decide.'
        : refusal}
    </Text>
  )
}

function useRefresh(tenantId: string) {
  const queryClient = useQueryClient()
  return async () => {
    await queryClient.invalidateQueries({ queryKey: ['runPermission', tenantId] })
    await queryClient.invalidateQueries({ queryKey: approvalsQuery(tenantId).queryKey })
  }
}

function Ask({ tenantId, planId }: { tenantId: string; planId: string }) {
  const [comment, setComment] = useState('')
  const ask = useMutation({
    mutationFn: () =>
      answerOf(
        api.POST('/api/tenants/{tenantId}/plans/{planId}/approval', {
          params: { path: { tenantId, planId } },
          body: comment.trim() ? { comment: comment.trim() } : {},
        }),
      ),
    onSuccess: useRefresh(tenantId),
  })
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        ask.mutate()
      }}
    >
      <Stack gap="xs">
        <Textarea
          label="Why this is wanted"
          description="For whoever is to approve it."
          autosize
          minRows={1}
          maxLength={1000}
          value={comment}
          onChange={(event) => setComment(event.currentTarget.value)}
        />
        {ask.isError && <ProblemPanel error={ask.error} />}
        <Group justify="flex-end">
          <Button type="submit" leftSection={<IconSend size={16} />} loading={ask.isPending}>
            Ask for approval
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

function Decide({ approval, hash }: { approval: Shapes['Approval']; hash: string }) {
  const [comment, setComment] = useState('')
  const { tenantId, id: approvalId } = approval
  const decide = useMutation({
    mutationFn: (decision: 'approved' | 'declined') =>
      answerOf(
        api.POST('/api/tenants/{tenantId}/approvals/{approvalId}/decisions', {
          params: { path: { tenantId, approvalId } },
          body: { decision, planHash: hash, ...(comment.trim() ? { comment: comment.trim() } : {}) },
        }),
      ),
    onSuccess: useRefresh(tenantId),
  })
  return (
    <Stack gap="xs">
      <Text size="sm">
        You approve exactly what this page shows: {count(approval.operations, 'operation')} from{' '}
        <bdi>{approval.source}</bdi> in <bdi>{approval.destination}</bdi>. If the plan changes, it needs another
        approval.
      </Text>
      <Textarea
        label="Comment"
        autosize
        minRows={1}
        maxLength={1000}
        value={comment}
        onChange={(event) => setComment(event.currentTarget.value)}
      />
      {decide.isError && <ProblemPanel error={decide.error} />}
      <Group justify="flex-end">
        <Button
          variant="default"
          leftSection={<IconX size={16} />}
          loading={decide.isPending && decide.variables === 'declined'}
          onClick={() => decide.mutate('declined')}
        >
          Decline
        </Button>
        <Button
          leftSection={<IconCheck size={16} />}
          loading={decide.isPending && decide.variables === 'approved'}
          onClick={() => decide.mutate('approved')}
        >
          Approve this plan
        </Button>
      </Group>
    </Stack>
  )
}
