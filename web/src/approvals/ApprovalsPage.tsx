import { Skeleton, Stack, Tabs, Text } from '@mantine/core'
import { IconChecklist } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import type { Shapes } from '../api/client.ts'
import { count } from '../components/count.ts'
import { EmptyState } from '../components/EmptyState.tsx'
import { Page } from '../components/Page.tsx'
import { ProblemPanel } from '../components/ProblemPanel.tsx'
import { Ago } from '../components/time.tsx'
import classes from '../runs/runs.module.css'
import { useSelection } from '../shell/selection.ts'
import { ApprovalState } from './ApprovalState.tsx'
import { useApprovals } from './queries.ts'

/** The plans that wait for the approval of somebody, and those that were decided. */
export function ApprovalsPage() {
  const { tenantId } = useSelection()
  const approvals = useApprovals(tenantId)
  const open = approvals.data?.filter(({ state }) => state === 'open') ?? []
  const others = approvals.data?.filter(({ state }) => state !== 'open') ?? []
  return (
    <Page
      title="Approvals"
      summary="Plans for protected environments. Each needs another person who looks at it and approves exactly that plan."
      width={1100}
    >
      {approvals.isError && <ProblemPanel error={approvals.error} onRetry={() => void approvals.refetch()} />}
      {approvals.isPending && <Skeleton height={160} />}
      {approvals.data && (
        <Tabs defaultValue="open" keepMounted={false}>
          <Tabs.List mb="md">
            <Tabs.Tab value="open">Waiting ({open.length})</Tabs.Tab>
            <Tabs.Tab value="others">Decided ({others.length})</Tabs.Tab>
          </Tabs.List>
          <Tabs.Panel value="open">
            <ApprovalList approvals={open} empty="Nothing waits for approval" />
          </Tabs.Panel>
          <Tabs.Panel value="others">
            <ApprovalList approvals={others} empty="Nothing was decided yet" />
          </Tabs.Panel>
        </Tabs>
      )}
    </Page>
  )
}

function ApprovalList({ approvals, empty }: { approvals: Shapes['Approval'][]; empty: string }) {
  if (approvals.length === 0) {
    return (
      <div className="card">
        <EmptyState icon={IconChecklist} title={empty}>
          Whoever makes a plan for a protected environment asks for its approval on the page of the plan.
        </EmptyState>
      </div>
    )
  }
  return (
    <ul className={`card ${classes.operations}`} aria-label="Approvals">
      {approvals.map((approval) => (
        <li key={approval.id} className={classes.item}>
          <Link className={classes.rowLink} to="/plans/$planId" params={{ planId: approval.planId }}>
            <ApprovalState state={approval.state} />
            <Stack gap={0} miw={0}>
              <Text size="sm" fw={600} truncate>
                <bdi>{approval.source}</bdi> → <bdi>{approval.destination}</bdi>
              </Text>
              <Text size="xs" c="dimmed" truncate>
                {approval.requestedBy.name}
                {approval.comment ? `: ${approval.comment}` : ''}
              </Text>
            </Stack>
            <Text size="xs" c="dimmed">
              {count(approval.operations, 'operation')}
            </Text>
            <Text size="xs" c="dimmed" ta="right">
              <Ago at={approval.requestedAt} />
            </Text>
          </Link>
        </li>
      ))}
    </ul>
  )
}
