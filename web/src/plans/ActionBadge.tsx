import { IconPencil, IconPlus, IconPower, IconRocket } from '@tabler/icons-react'
import classes from './plans.module.css'

const looks: Record<string, { label: string; icon: typeof IconPlus }> = {
  create: { label: 'Create', icon: IconPlus },
  update: { label: 'Update', icon: IconPencil },
  deploy: { label: 'Deploy', icon: IconRocket },
  enable: { label: 'Switch on', icon: IconPower },
  disable: { label: 'Switch off', icon: IconPower },
}

/** What an operation does. */
export function ActionBadge({ action }: { action: string }) {
  const { label, icon: Icon } = looks[action] ?? { label: action, icon: IconPencil }
  return (
    <span className={classes.action} data-action={action}>
      <Icon size={13} aria-hidden />
      {label}
    </span>
  )
}
