import { Alert, Group, Loader, Stack, Text } from '@mantine/core'
import { IconAlertTriangle, IconCircleCheck, IconTestPipe } from '@tabler/icons-react'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useId } from 'react'
import { answerOf, api, type Shapes } from '../api/client.ts'
import { tenantsQuery } from '../api/queries.ts'
import { ActionButton } from '../components/ActionButton.tsx'
import { CheckList } from '../components/CheckList.tsx'
import { ProblemPanel } from '../components/ProblemPanel.tsx'

type Result = Shapes['TenantTest']

const causes: Record<Result['cause'], string> = {
  none: 'No cause for concern',
  disabled: 'The worker app is disabled',
  credentials: 'The client ID or the secret is wrong',
  clientId: 'The client ID is wrong',
  secret: 'The client secret is wrong',
  authMethod: 'The authentication method differs',
  grant: 'The Client Credentials grant is missing',
  environmentId: 'The environment ID is wrong',
  region: 'The region is wrong',
  unreachable: 'PingOne was not reached',
  other: 'The test did not pass',
}

interface TenantTestProps {
  tenantId: string
  /** Why it can't be tested just now. */
  disabledReason?: string | undefined
  onResult?: (result: Result) => void
}

/** Tests the saved worker app and shows what was tried, the likely cause of a failure and the next step. */
export function TenantTest({ tenantId, disabledReason, onResult }: TenantTestProps) {
  const reasonId = useId()
  const queryClient = useQueryClient()
  const test = useMutation({
    mutationFn: () => answerOf(api.POST('/api/tenants/{tenantId}/test', { params: { path: { tenantId } } })),
    onSuccess: async (result) => {
      await Promise.all([
        queryClient.invalidateQueries({ queryKey: tenantsQuery.queryKey }),
        queryClient.invalidateQueries({ queryKey: ['environments', tenantId] }),
      ])
      onResult?.(result)
    },
  })
  return (
    <Stack gap={0}>
      <Group gap="sm">
        <ActionButton
          refusal={disabledReason}
          toldBy={reasonId}
          variant="default"
          leftSection={<IconTestPipe size={16} />}
          loading={test.isPending}
          onClick={() => test.mutate()}
        >
          Test Backend API Credentials
        </ActionButton>
        <Text size="sm" c="dimmed" id={reasonId}>
          {disabledReason}
        </Text>
      </Group>
      <div aria-live="polite">
        {test.isPending && (
          <Group gap="xs" mt="sm">
            <Loader size="xs" />
            <Text size="sm">Asking PingOne for a token, and what it allows…</Text>
          </Group>
        )}
        {test.isError && (
          <div style={{ marginTop: 12 }}>
            <ProblemPanel error={test.error} onRetry={() => test.mutate()} />
          </div>
        )}
        {test.data && !test.isPending && <TestResult result={test.data} />}
      </div>
    </Stack>
  )
}

function TestResult({ result }: { result: Result }) {
  return (
    <Stack gap="sm" mt="sm">
      <Alert
        color={result.ok ? 'green' : 'red'}
        variant="light"
        icon={result.ok ? <IconCircleCheck size={18} /> : <IconAlertTriangle size={18} />}
        title={result.ok ? 'Test passed' : `Likely cause: ${causes[result.cause]}`}
      >
        <Text size="sm">{result.explanation}</Text>
        {result.nextStep && (
          <Text size="sm" mt={4}>
            <strong>Next step:</strong> {result.nextStep}
          </Text>
        )}
      </Alert>
      <CheckList checks={result.checks} />
    </Stack>
  )
}
