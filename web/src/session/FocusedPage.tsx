import { Box, Container, Group } from '@mantine/core'
import { useDocumentTitle } from '@mantine/hooks'
import type { ReactNode } from 'react'
import { ColorSchemeSwitch } from '../shell/ColorSchemeSwitch.tsx'
import { Logo } from '../shell/Logo.tsx'

interface FocusedPageProps {
  tabTitle: string
  width: number
  /** Beside the colour scheme, above. */
  aside?: ReactNode
  /** For a page of one card: a bit below the top. */
  centred?: boolean
  children: ReactNode
}

/** A page of one purpose, without navigation: signing in, setting up. */
export function FocusedPage({ tabTitle, width, aside, centred = false, children }: FocusedPageProps) {
  useDocumentTitle(`${tabTitle} · FlightIQ`)
  return (
    <Box mih="100dvh" component="main">
      <Group justify="space-between" px="lg" py="md">
        <Logo />
        <Group gap="xs">
          {aside}
          <ColorSchemeSwitch />
        </Group>
      </Group>
      <Container size={width} pb={64} pt={centred ? '12dvh' : 'md'}>
        {children}
      </Container>
    </Box>
  )
}
