import { Button, Group, Modal, Stack, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { ProblemPanel } from './ProblemPanel.tsx'

interface ConfirmDialogProps {
  opened: boolean
  title: ReactNode
  /** What confirming brings about. */
  children: ReactNode
  /** What the buttons are called: `Remove role`, `Keep it`. */
  confirm: string
  keep: string
  doing: { isPending: boolean; isError: boolean; error: unknown }
  onConfirm: () => void
  onClose: () => void
}

/** Says what will happen, and asks whether it shall. The focus is on leaving things as they are. */
export function ConfirmDialog({
  opened,
  title,
  children,
  confirm,
  keep,
  doing,
  onConfirm,
  onClose,
}: ConfirmDialogProps) {
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      centered
      title={
        <Text span fw={600} size="lg" className="long-name">
          {title}
        </Text>
      }
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <Stack>
        {children}
        {doing.isError && <ProblemPanel error={doing.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose} data-autofocus>
            {keep}
          </Button>
          <Button color="red.9" loading={doing.isPending} onClick={onConfirm}>
            {confirm}
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}
