import { Group, Text } from '@mantine/core'
import { IconHandStop } from '@tabler/icons-react'
import { TextLink } from '../components/links.tsx'
import { Ago } from '../components/time.tsx'
import classes from './guards.module.css'
import { useWriteStop } from './queries.ts'

/** Above every page while all writes are stopped. */
export function WriteStopBanner() {
  const { data: stop } = useWriteStop()
  return (
    <div role="status">
      {stop?.stopped && (
        <Group className={classes.banner} px="lg" py={8} gap="xs" wrap="nowrap">
          <IconHandStop size={18} aria-hidden style={{ flexShrink: 0 }} />
          <Text size="sm" style={{ flex: 1, minWidth: 0 }} className="long-name">
            <strong>All writes are stopped.</strong> {stop.reason ? `${stop.reason} ` : ''}
            {stop.by && (
              <>
                By {stop.by} <Ago at={stop.at} />.
              </>
            )}
          </Text>
          <TextLink to="/settings/guards" underline="always" c="inherit" style={{ whiteSpace: 'nowrap' }}>
            Environment Guards
          </TextLink>
        </Group>
      )}
    </div>
  )
}
