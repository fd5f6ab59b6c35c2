import { Text } from '@mantine/core'
import { IconHome, IconProgressCheck, type IconProps, IconRubberStamp } from '@tabler/icons-react'
import { Link, type LinkProps } from '@tanstack/react-router'
import type { ComponentType } from 'react'
import { WaitingForMe } from '../approvals/WaitingForMe.tsx'
import { kindViews } from '../kinds/registry.ts'
import { maySomewhere } from '../session/permissions.ts'
import { useSession } from '../session/session.ts'
import { settingsGroups } from '../settings/settings-pages.ts'
import classes from './Navigation.module.css'

type Target = Pick<LinkProps, 'to' | 'params'> & {
  label: string
  icon: ComponentType<IconProps>
  exact?: boolean
  /** What stands behind its name, such as a number. */
  mark?: ComponentType
}

const groups: { title?: string; items: Target[] }[] = [
  { items: [{ to: '/', label: 'Home', icon: IconHome, exact: true }] },
  {
    title: 'Orchestration',
    items: kindViews.map((view) => ({
      to: '/orchestration/$kind',
      params: { kind: view.slug },
      label: view.label.many,
      icon: view.icon,
    })),
  },
  {
    title: 'Migration',
    items: [
      { to: '/runs', label: 'Runs', icon: IconProgressCheck },
      { to: '/approvals', label: 'Approvals', icon: IconRubberStamp, mark: WaitingForMe },
    ],
  },
]

/** The ways to every page that is of use to whoever is signed in. */
export function Navigation({ onNavigate }: { onNavigate: () => void }) {
  const { caller } = useSession()
  const settings = settingsGroups
    .map(({ title, pages }) => ({
      title,
      items: pages
        .filter(({ needs }) => maySomewhere(caller?.roles ?? [], needs))
        .map(({ needs: _, ...target }) => target),
    }))
    .filter(({ items }) => items.length > 0)
  return (
    <nav aria-label="Main" className={classes.navigation}>
      {[...groups, ...settings].map((group: { title?: string; items: Target[] }) => (
        <div key={group.title ?? 'start'} className={classes.group}>
          {group.title && (
            <Text className="eyebrow" px={10} pb={4} component="h2">
              {group.title}
            </Text>
          )}
          <ul className={classes.list}>
            {group.items.map(({ label, icon: Icon, exact, mark: Mark, ...target }) => (
              <li key={label}>
                <Link
                  {...target}
                  className={classes.link}
                  activeOptions={{ exact: exact ?? false, includeSearch: false }}
                  onClick={onNavigate}
                >
                  <Icon size={17} stroke={1.7} aria-hidden />
                  {label}
                  {Mark && <Mark />}
                </Link>
              </li>
            ))}
          </ul>
        </div>
      ))}
    </nav>
  )
}
