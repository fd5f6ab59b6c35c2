import { Badge, Button, Collapse, Group, Stack, Text, Title } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconHelpCircle } from '@tabler/icons-react'
import { type ReactNode, useId } from 'react'

interface FormSectionProps {
  title: string
  /** Beside the title: `Optional`. */
  badge?: string | undefined
  summary: ReactNode
  /** Where to find what is asked for; unfolds. */
  help: ReactNode
  children: ReactNode
}

/** A part of the settings: what it is for, its fields, and in place where to find their values. */
export function FormSection({ title, badge, summary, help, children }: FormSectionProps) {
  const [open, { toggle }] = useDisclosure(false)
  const titleId = useId()
  const helpId = useId()
  return (
    <section className="card" aria-labelledby={titleId}>
      <Stack p="lg" gap="md">
        <div>
          <Group gap="xs">
            <Title order={2} id={titleId}>
              {title}
            </Title>
            {badge && <Badge color="gray">{badge}</Badge>}
          </Group>
          <Text size="sm" c="dimmed" mt={4} component="div">
            {summary}
          </Text>
          <Button
            variant="subtle"
            size="compact-sm"
            mt={6}
            ml={-8}
            leftSection={<IconHelpCircle size={16} aria-hidden />}
            onClick={toggle}
            aria-expanded={open}
            aria-controls={helpId}
          >
            Where to find these values
          </Button>
        </div>
        <Collapse expanded={open} id={helpId}>
          <div style={{ background: 'var(--app-raised)', borderRadius: 6, padding: 16 }}>{help}</div>
        </Collapse>
        {children}
      </Stack>
    </section>
  )
}
