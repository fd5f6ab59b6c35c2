import { Button, type ButtonProps, Tooltip } from '@mantine/core'
import { type MouseEvent, useId } from 'react'

interface ActionButtonProps extends ButtonProps {
  /** Why it can't be done: the button is then switched off, but can be reached and says so. */
  refusal?: string | undefined
  /** The id of what tells the reason on the page already. Absent: a tooltip does. */
  toldBy?: string
  type?: 'button' | 'submit'
  onClick?: (event: MouseEvent<HTMLButtonElement>) => void
  'aria-label'?: string
}

/** A button that does something, or says in a tooltip, and to screen readers, why it does not. */
export function ActionButton({ refusal, toldBy, onClick, type = 'button', ...button }: ActionButtonProps) {
  const reasonId = useId()
  const refused = refusal !== undefined
  const told = toldBy !== undefined
  return (
    <>
      <Tooltip label={refusal} disabled={!refused || told} events={{ hover: true, focus: true, touch: true }}>
        <Button
          {...button}
          type={type}
          // Not `disabled`: it stays in the order of Tab, so that its reason can be read and the focus isn't lost.
          {...(refused ? { 'data-disabled': true, 'aria-disabled': true, 'aria-describedby': toldBy ?? reasonId } : {})}
          onClick={(event) => (refused ? event.preventDefault() : onClick?.(event))}
        />
      </Tooltip>
      {refused && !told && (
        <span id={reasonId} className="visually-hidden">
          {refusal}
        </span>
      )}
    </>
  )
}
