import { Button, Collapse } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconHelpCircle } from '@tabler/icons-react'
import { type ReactNode, useId } from 'react'

/** Unfolds where to find the values that a form asks for. */
export function InPlaceHelp({ children }: { children: ReactNode }) {
  const [open, { toggle }] = useDisclosure(false)
  const helpId = useId()
  return (
    <div>
      <Button
        variant="subtle"
        size="compact-sm"
        ml={-8}
        leftSection={<IconHelpCircle size={16} aria-hidden />}
        onClick={toggle}
        aria-expanded={open}
        aria-controls={helpId}
      >
        Where to find these values
      </Button>
      <Collapse expanded={open} id={helpId}>
        <div style={{ background: 'var(--app-raised)', borderRadius: 6, padding: 16, marginTop: 8 }}>{children}</div>
      </Collapse>
    </div>
  )
}
