import { Stack, Text, ThemeIcon, Title } from '@mantine/core'
import type { IconProps } from '@tabler/icons-react'
import type { ComponentType, ReactNode } from 'react'

interface EmptyStateProps {
  icon: ComponentType<IconProps>
  title: string
  children?: ReactNode
  actions?: ReactNode
}

/** What stands where a list would: why it is empty and what to do. */
export function EmptyState({ icon: Icon, title, children, actions }: EmptyStateProps) {
  return (
    <Stack align="center" gap="xs" py={56} px="lg">
      <ThemeIcon size={44} radius="md" variant="light" color="gray">
        <Icon size={24} stroke={1.6} aria-hidden />
      </ThemeIcon>
      <Title order={2} ta="center">
        {title}
      </Title>
      {children && (
        <Text size="sm" c="dimmed" ta="center" maw={520} component="div">
          {children}
        </Text>
      )}
      {actions}
    </Stack>
  )
}
