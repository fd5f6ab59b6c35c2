import { ActionIcon, type ActionIconProps, Anchor, type AnchorProps } from '@mantine/core'
import { createLink } from '@tanstack/react-router'
import type { ComponentPropsWithoutRef } from 'react'

type AnchorElementProps = Omit<ComponentPropsWithoutRef<'a'>, keyof AnchorProps>

/** A link within the app that looks like text. */
export const TextLink = createLink((props: AnchorProps & AnchorElementProps) => <Anchor size="sm" {...props} />)

/** A link within the app that is only a sign; give it an `aria-label`. */
export const IconLink = createLink(
  (props: ActionIconProps & Omit<ComponentPropsWithoutRef<'a'>, keyof ActionIconProps>) => (
    <ActionIcon component="a" {...props} />
  ),
)
