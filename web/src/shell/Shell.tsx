import { AppShell, Burger, Group, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { Link, Outlet } from '@tanstack/react-router'
import { useEffect } from 'react'
import { statusQuery } from '../api/queries.ts'
import { WriteStopBanner } from '../guards/WriteStopBanner.tsx'
import { UserMenu } from '../session/UserMenu.tsx'
import { ColorSchemeSwitch } from './ColorSchemeSwitch.tsx'
import { Logo } from './Logo.tsx'
import { Navigation } from './Navigation.tsx'
import { PlaceSelectors } from './PlaceSelectors.tsx'
import { RateBudget } from './RateBudget.tsx'
import { remember, useSelection } from './selection.ts'

/** The frame around every page that works on a tenant: selectors above, navigation beside, the page within. */
export function Shell() {
  const [navigationOpen, { toggle, close }] = useDisclosure(false)
  const { tenantId, from, to } = useSelection()
  const { data: status } = useQuery({ ...statusQuery, staleTime: Number.POSITIVE_INFINITY })
  useEffect(() => remember({ tenant: tenantId, from, to }), [tenantId, from, to])
  return (
    <>
      <a className="skip-link" href="#page">
        Skip to the page
      </a>
      <AppShell
        header={{ height: 64 }}
        navbar={{ width: 216, breakpoint: 'sm', collapsed: { mobile: !navigationOpen } }}
        padding={0}
      >
        <AppShell.Header>
          <Group h="100%" px="md" gap="md" wrap="nowrap">
            <Burger
              opened={navigationOpen}
              onClick={toggle}
              hiddenFrom="sm"
              size="sm"
              aria-label={navigationOpen ? 'Close the navigation' : 'Open the navigation'}
            />
            <Link to="/" aria-label="FlightIQ, to the start" style={{ color: 'inherit', textDecoration: 'none' }}>
              <Logo />
            </Link>
            <PlaceSelectors />
            <Group gap={4} wrap="nowrap" ml="auto">
              <RateBudget tenantId={tenantId} />
              <ColorSchemeSwitch />
              <UserMenu />
            </Group>
          </Group>
        </AppShell.Header>
        <AppShell.Navbar p="xs">
          <Navigation onNavigate={close} />
          {status && (
            <Text size="xs" c="dimmed" pt={8} px={10} pb={4}>
              {status.demo ? 'Demo on the sandbox: no real tenant is touched. ' : ''}Version {status.version}
            </Text>
          )}
        </AppShell.Navbar>
        <AppShell.Main id="page" tabIndex={-1} style={{ height: '100dvh', display: 'flex', flexDirection: 'column' }}>
          <WriteStopBanner />
          <div style={{ flex: 1, minHeight: 0, overflow: 'auto' }}>
            <Outlet />
          </div>
        </AppShell.Main>
      </AppShell>
    </>
  )
}
