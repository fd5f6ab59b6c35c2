import { Box, Button, Group, Stack, Text, Title } from '@mantine/core'
import { type ErrorComponentProps, useRouter } from '@tanstack/react-router'
import { TextLink } from './links.tsx'
import { ProblemPanel } from './ProblemPanel.tsx'

/** What stands in place of a page that failed: what happened, and the ways back. */
export function PageFailure({ error, reset }: ErrorComponentProps) {
  const router = useRouter()
  const again = () => {
    reset()
    void router.invalidate()
  }
  return (
    <Box p="xl" maw={720} mx="auto" component="main">
      <Stack>
        <Title order={1}>This page could not be shown</Title>
        <ProblemPanel error={error} onRetry={again} />
        <Group>
          <Button variant="default" component="a" href="/">
            Back to the start
          </Button>
        </Group>
      </Stack>
    </Box>
  )
}

/** For an address that leads nowhere. */
export function NotFound() {
  return (
    <Box p="xl" maw={720} mx="auto" component="main">
      <Stack>
        <Title order={1}>There is no such page</Title>
        <Text>The address may be old, or mistyped.</Text>
        <TextLink to="/">Back to the start</TextLink>
      </Stack>
    </Box>
  )
}
