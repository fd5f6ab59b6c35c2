import { Alert, Group, Loader, Stack, Text } from '@mantine/core'
import { IconAlertTriangle, IconCircleCheck, IconTestPipe } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { useId } from 'react'
import { answerOf, api, type Shapes } from '../api/client.ts'
import { ActionButton } from '../components/ActionButton.tsx'
import { CheckList } from '../components/CheckList.tsx'
import { ProblemPanel } from '../components/ProblemPanel.tsx'

/** Tries the saved login app as far as that goes without a person, and shows what was tried. */
export function LoginAppTest({ disabledReason }: { disabledReason: string | undefined }) {
  const reasonId = useId()
  const test = useMutation({ mutationFn: () => answerOf(api.POST('/api/login-app/test')) })
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
          Test Login App
        </ActionButton>
        <Text size="sm" c="dimmed" id={reasonId}>
          {disabledReason}
        </Text>
      </Group>
      <div aria-live="polite">
        {test.isPending && (
          <Group gap="xs" mt="sm">
            <Loader size="xs" />
            <Text size="sm">Asking PingOne about the login app…</Text>
          </Group>
        )}
        {test.isError && (
          <div style={{ marginTop: 12 }}>
            <ProblemPanel error={test.error} onRetry={() => test.mutate()} />
          </div>
        )}
        {test.data && !test.isPending && <Result result={test.data} />}
      </div>
    </Stack>
  )
}

function Result({ result }: { result: Shapes['LoginAppTest'] }) {
  return (
    <Stack gap="sm" mt="sm">
      <Alert
        color={result.ok ? 'green' : 'red'}
        variant="light"
        icon={result.ok ? <IconCircleCheck size={18} /> : <IconAlertTriangle size={18} />}
        title={result.ok ? 'Login app test passed' : 'Login app test failed'}
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
