import { Badge, Group, Stack, Text, Title } from '@mantine/core'
import { type ReactNode, useId } from 'react'
import { InPlaceHelp } from './InPlaceHelp.tsx'

interface FormSectionProps {
  title: string
  /** Beside the title: `Optional`. */
  badge?: string | undefined
  summary: ReactNode
  /** Where to find what is asked for. */
  help: ReactNode
  children: ReactNode
}

/** A part of the settings: what it is for, its fields, and in place where to find their values. */
export function FormSection({ title, badge, summary, help, children }: FormSectionProps) {
  const titleId = useId()
  return (
    <section className="card" aria-labelledby={titleId}>
      <Stack p="lg" gap="md">
        <Stack gap={6}>
          <Group gap="xs">
            <Title order={2} id={titleId}>
              {title}
            </Title>
            {badge && <Badge color="gray">{badge}</Badge>}
          </Group>
          <Text size="sm" c="dimmed" component="div">
            {summary}
          </Text>
          <InPlaceHelp>{help}</InPlaceHelp>
        </Stack>
        {children}
      </Stack>
    </section>
  )
}
