import { Button, type ButtonProps, Tooltip } from '@mantine/core'
import { type MouseEvent, useId } from 'react'

interface ActionButtonProps extends ButtonProps {
  /** Why it can't be done: the button is then switched off, but can be reached and says so. */
  refusal?: string | undefined
  type?: 'button' | 'submit'
  onClick?: (event: MouseEvent<HTMLButtonElement>) => void
  'aria-label'?: string
}

/** A button that does something, or says in a tooltip, and to screen readers, why it does not. */
export function ActionButton({ refusal, onClick, type = 'button', ...button }: ActionButtonProps) {
  const reasonId = useId()
  if (refusal === undefined) return <Button {...button} type={type} {...(onClick ? { onClick } : {})} />
  return (
    <>
      <Tooltip label={refusal} events={{ hover: true, focus: true, touch: true }}>
        <Button
          {...button}
          type={type}
          // Not `disabled`: it stays in the order of Tab, so that its reason can be read.
          data-disabled
          aria-disabled
          aria-describedby={reasonId}
          onClick={(event) => event.preventDefault()}
        />
      </Tooltip>
      <span id={reasonId} className="visually-hidden">
        {refusal}
      </span>
    </>
  )
}
