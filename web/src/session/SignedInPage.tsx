import { Group, Stack, Text, Title } from '@mantine/core'
import { IconCircleCheck } from '@tabler/icons-react'
import { TextLink } from '../components/links.tsx'
import { FocusedPage } from './FocusedPage.tsx'
import { useSession } from './session.ts'

/** Where signing in again in a new tab ends: the work goes on in the other one. */
export function SignedInPage() {
  const { caller } = useSession()
  return (
    <FocusedPage tabTitle="Signed in" width={440} centred>
      <section className="card" aria-labelledby="signed-in">
        <Stack p="xl" gap="sm">
          <Group gap="sm" wrap="nowrap">
            <IconCircleCheck size={24} color="var(--state-identical)" aria-hidden />
            <Title order={1} id="signed-in">
              You are signed in
            </Title>
          </Group>
          <Text size="sm">
            {caller ? `As ${caller.name}. ` : ''}Close this tab and go on in the one that you came from.
          </Text>
          <TextLink to="/">Or start here</TextLink>
        </Stack>
      </section>
    </FocusedPage>
  )
}
