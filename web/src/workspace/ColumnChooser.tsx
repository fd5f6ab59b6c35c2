import { Button, Checkbox, Popover, Stack } from '@mantine/core'
import { IconColumns3 } from '@tabler/icons-react'
import type { ColumnVisibilityState } from '@tanstack/react-table'

interface ColumnChooserProps {
  columns: { id: string; header: string }[]
  visibility: ColumnVisibilityState
  onChange: (visibility: ColumnVisibilityState) => void
}

/** Which columns are shown. */
export function ColumnChooser({ columns, visibility, onChange }: ColumnChooserProps) {
  return (
    <Popover position="bottom-end" withArrow trapFocus>
      <Popover.Target>
        <Button variant="default" leftSection={<IconColumns3 size={16} />}>
          Columns
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <Stack gap="xs">
          {columns.map(({ id, header }) => (
            <Checkbox
              key={id}
              size="xs"
              label={header}
              checked={visibility[id] !== false}
              onChange={(event) => onChange({ ...visibility, [id]: event.currentTarget.checked })}
            />
          ))}
        </Stack>
      </Popover.Dropdown>
    </Popover>
  )
}
