import { IconLock, IconLockOpen, type IconProps, IconSnowflake, IconUserCheck } from '@tabler/icons-react'
import type { ComponentType } from 'react'
import type { Shapes } from '../api/client.ts'

type Guard = Shapes['Guard']

export interface ProtectionSign {
  icon: ComponentType<IconProps>
  label: string
  color: string
}

/** The sign of each protection, wherever it is shown. */
export const protectionSigns: Record<Guard['protection'], ProtectionSign> = {
  open: { icon: IconLockOpen, label: 'Open', color: 'gray' },
  protected: { icon: IconUserCheck, label: 'Protected', color: 'orange' },
  locked: { icon: IconLock, label: 'Locked', color: 'red' },
}

/** The sign of a freeze that is on. */
export const freezeSign: ProtectionSign = { icon: IconSnowflake, label: 'Frozen', color: 'accent' }
