import { IconLock } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { EmptyState } from '../components/EmptyState.tsx'
import type { Extent, Permission } from './permissions.ts'
import { useRefusal } from './use-may.ts'

interface NeedsPermissionProps {
  permission: Permission
  /** Absent: the console as a whole. */
  extent?: Extent
  children: ReactNode
}

/** Shows what is within to those who may see it, and to others why they don't. */
export function NeedsPermission({ permission, extent = {}, children }: NeedsPermissionProps) {
  const refusal = useRefusal(permission, extent)
  if (refusal === undefined) return children
  return (
    <div className="card">
      <EmptyState icon={IconLock} title="Your role does not include this page">
        {refusal} An administrator of FlightIQ gives roles under Settings &gt; People &amp; Roles.
      </EmptyState>
    </div>
  )
}
