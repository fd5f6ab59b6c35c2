import { Box, Group, Text, Title } from '@mantine/core'
import { useDocumentTitle } from '@mantine/hooks'
import { type ReactNode, useEffect, useRef } from 'react'

let firstPage = true

interface PageProps {
  title: string
  /** For the browser's tab, when it should say more than the heading. */
  tabTitle?: string
  summary?: ReactNode
  actions?: ReactNode
  /** Fills the height of the window; its content scrolls by itself. */
  fill?: boolean
  /** The widest it becomes, in pixels. */
  width?: number
  children: ReactNode
}

/** A page with its heading. Moving to it moves the focus to the heading, so that it is read out. */
export function Page({ title, tabTitle, summary, actions, fill = false, width, children }: PageProps) {
  useDocumentTitle(`${tabTitle ?? title} · FlightIQ`)
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    if (!firstPage) heading.current?.focus({ preventScroll: true })
    firstPage = false
  }, [])
  return (
    <Box
      p="lg"
      maw={width}
      style={fill ? { height: '100%', display: 'flex', flexDirection: 'column', minHeight: 0 } : undefined}
    >
      <Group justify="space-between" align="flex-start" mb="md" gap="md">
        <Box style={{ minWidth: 0, flex: 1 }}>
          <Title order={1} tabIndex={-1} ref={heading}>
            {title}
          </Title>
          {summary && (
            <Text c="dimmed" size="sm" mt={2} component="div">
              {summary}
            </Text>
          )}
        </Box>
        {actions && <Group gap="xs">{actions}</Group>}
      </Group>
      {children}
    </Box>
  )
}
