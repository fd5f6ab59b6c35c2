import {
  IconChecklist,
  IconGridDots,
  IconHistory,
  IconKey,
  type IconProps,
  IconRobot,
  IconShieldLock,
  IconUserShield,
  IconUsers,
} from '@tabler/icons-react'
import type { LinkProps } from '@tanstack/react-router'
import type { ComponentType } from 'react'
import type { Permission } from '../session/permissions.ts'

export interface SettingsPage {
  to: NonNullable<LinkProps['to']>
  label: string
  icon: ComponentType<IconProps>
  /** Shown to those alone who may do this somewhere. */
  needs: Permission
}

/** The pages of Settings, as the navigation shows them. A new page is a line here and a route in the router. */
export const settingsGroups: { title: string; pages: SettingsPage[] }[] = [
  {
    title: 'Settings · Access & Authentication',
    pages: [
      { to: '/settings/tenants', label: 'Tenant Configuration', icon: IconKey, needs: 'read' },
      { to: '/settings/checklist', label: 'Validation Checklist', icon: IconChecklist, needs: 'configure' },
      { to: '/settings/access', label: 'Access Matrix', icon: IconGridDots, needs: 'read' },
      { to: '/settings/login-app', label: 'User Authentication', icon: IconUserShield, needs: 'configure' },
      { to: '/settings/people', label: 'People & Roles', icon: IconUsers, needs: 'configure' },
      { to: '/settings/tokens', label: 'API Tokens', icon: IconRobot, needs: 'read' },
    ],
  },
  {
    title: 'Settings · Control',
    pages: [
      { to: '/settings/guards', label: 'Environment Guards', icon: IconShieldLock, needs: 'read' },
      { to: '/audit', label: 'Audit', icon: IconHistory, needs: 'configure' },
    ],
  },
]
