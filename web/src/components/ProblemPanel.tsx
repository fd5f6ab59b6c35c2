import { Alert, Button, Code, Collapse, Group, Stack, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconAlertTriangle, IconLock } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { type Problem, problemOf } from '../api/client.ts'
import { artifactInWords, causeInWords, type Diagnosis, isAboutRoles } from './diagnosis-words.ts'
import { TextLink } from './links.tsx'
import { isForbidden, reasonsOf, sentenceOf, titleOf } from './problem-words.ts'

interface ProblemPanelProps {
  /** What was thrown, or a problem document. */
  error?: unknown
  problem?: Problem
  /** In place of its own heading. */
  title?: ReactNode
  onRetry?: () => void
  children?: ReactNode
}

/**
 * A problem: its sentence, the next step, and in its details PingOne's own words and the correlation id. Where the reason
 * of a refusal was found out, it is the heading, and its explanation stands in place of PingOne's words.
 */
export function ProblemPanel({ error, problem: given, title, onRetry, children }: ProblemPanelProps) {
  const problem = given ?? problemOf(error)
  const [open, { toggle }] = useDisclosure(false)
  const forbidden = isForbidden(problem)
  const { diagnosis } = problem
  const cause = diagnosis && causeInWords(diagnosis)
  const nextStep = diagnosis?.nextStep ?? problem.nextStep
  return (
    <Alert
      color={forbidden ? 'orange' : 'red'}
      variant="light"
      icon={forbidden ? <IconLock size={18} /> : <IconAlertTriangle size={18} />}
      title={title ?? titleOf(problem)}
      styles={{ title: { overflowWrap: 'anywhere' } }}
      role="alert"
    >
      <Stack gap={6}>
        {title && cause && (
          <Text size="sm" fw={600}>
            {cause}
          </Text>
        )}
        {!cause && (
          <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
            {sentenceOf(problem)}
          </Text>
        )}
        {diagnosis && <Explanation diagnosis={diagnosis} />}
        {nextStep && (
          <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
            <strong>Next step:</strong> {nextStep}
          </Text>
        )}
        {problem.errors?.map((field) => (
          <Text size="sm" key={field.pointer}>
            <Code>{field.pointer}</Code> {field.message}
          </Text>
        ))}
        {(cause ? [] : reasonsOf(problem)).map((reason) => (
          <Text size="sm" key={reason} style={{ overflowWrap: 'anywhere' }}>
            {reason}
          </Text>
        ))}
        <Group gap="xs" mt={4}>
          {onRetry && (
            <Button size="xs" variant="default" onClick={onRetry}>
              Try again
            </Button>
          )}
          {children}
          {diagnosis && isAboutRoles(diagnosis) && <TextLink to="/settings/access">See the access matrix</TextLink>}
          <Button size="xs" variant="subtle" color="gray" onClick={toggle} aria-expanded={open}>
            {open ? 'Hide details' : 'Details'}
          </Button>
        </Group>
        <Collapse expanded={open}>
          <ProblemDetails problem={problem} />
        </Collapse>
      </Stack>
    </Alert>
  )
}

/** What was found out, with what it is about by name. */
function Explanation({ diagnosis }: { diagnosis: Diagnosis }) {
  const artifact = artifactInWords(diagnosis)
  return (
    <>
      <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
        {diagnosis.explanation}
      </Text>
      {artifact && (
        <Text size="sm" className="long-name">
          It is about <bdi style={{ fontWeight: 600 }}>{artifact}</bdi>.
        </Text>
      )}
    </>
  )
}

function ProblemDetails({ problem }: { problem: Problem }) {
  const facts: [string, string | undefined][] = [
    ['Code', problem.code],
    ['Status', problem.status > 0 ? String(problem.status) : undefined],
    ['PingOne status', problem.pingone?.status === undefined ? undefined : String(problem.pingone.status)],
    ['PingOne code', problem.pingone?.code],
    ['PingOne says', problem.pingone?.message],
    ['Correlation ID', problem.pingone?.id],
    ['In full', !problem.diagnosis && problem.detail === sentenceOf(problem) ? undefined : problem.detail],
  ]
  return (
    <Stack gap={4}>
      <dl style={{ display: 'grid', gridTemplateColumns: 'max-content 1fr', gap: '2px 16px', margin: 0 }}>
        {facts.map(([name, value]) =>
          value === undefined ? null : (
            <div key={name} style={{ display: 'contents' }}>
              <Text component="dt" size="xs" c="dimmed">
                {name}
              </Text>
              <Text component="dd" size="xs" m={0} ff="monospace" style={{ overflowWrap: 'anywhere' }}>
                {value}
              </Text>
            </div>
          ),
        )}
      </dl>
      {problem.pingone?.details && problem.pingone.details.length > 0 && (
        <Code block fz="xs">
          {JSON.stringify(problem.pingone.details, null, 2)}
        </Code>
      )}
    </Stack>
  )
}
