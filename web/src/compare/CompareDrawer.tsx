import { Drawer, Group, Text, Tooltip } from '@mantine/core'
import { IconArrowsMaximize } from '@tabler/icons-react'
import { IconLink } from '../components/links.tsx'
import type { KindView, Row } from '../kinds/kind-view.ts'
import type { MigrateRequest } from '../plans/MigrateDialog.tsx'
import { useOpenPair } from '../workspace/open-pair.ts'
import { rowName } from '../workspace/row-filter.ts'
import { ArtifactView } from './ArtifactView.tsx'
import { PairView } from './PairView.tsx'

interface CompareDrawerProps {
  view: KindView
  rows: Row[]
  /** There is a destination to compare with. */
  compared: boolean
  onMigrate: (request: MigrateRequest) => void
}

/** The pair that the address says is open, beside its workspace; without a destination what the source has. */
export function CompareDrawer({ view, rows, compared, onMigrate }: CompareDrawerProps) {
  const { sourceId, destinationId, openKey, close, isOpen } = useOpenPair()
  const row = rows.find(isOpen)
  return (
    <Drawer.Root opened={openKey !== undefined} onClose={close} position="right" size="min(1040px, 94vw)">
      <Drawer.Overlay backgroundOpacity={0.3} />
      <Drawer.Content>
        <Drawer.Header>
          <Drawer.Title>
            <Text span fw={600} size="lg">
              {row ? rowName(row) : `Compare ${view.label.one.toLowerCase()}`}
            </Text>
          </Drawer.Title>
          <Group gap={4}>
            {compared && (
              <Tooltip label="Open as a page">
                <IconLink
                  size="md"
                  aria-label="Open as a page"
                  to="/orchestration/$kind/compare"
                  params={{ kind: view.slug }}
                  search={(previous) => ({ ...previous, sourceId, destinationId })}
                >
                  <IconArrowsMaximize size={17} />
                </IconLink>
              </Tooltip>
            )}
            <Drawer.CloseButton ml={0} aria-label="Close" />
          </Group>
        </Drawer.Header>
        <Drawer.Body>
          {openKey !== undefined && compared && (
            <PairView view={view} sourceId={sourceId} destinationId={destinationId} onMigrate={onMigrate} />
          )}
          {!compared && sourceId && <ArtifactView view={view} id={sourceId} />}
        </Drawer.Body>
      </Drawer.Content>
    </Drawer.Root>
  )
}
