import { assignment } from '../roles/assignments.ts'
import { platformRole } from '../roles/platform-roles.ts'
import type { Organization, WorkerApplication } from './records.ts'

/** A worker application as data folders hold it; earlier ones knew one role for a list of environments. */
export type StoredWorker = WorkerApplication | EarlierWorker

type EarlierWorker = Omit<WorkerApplication, 'roleAssignments' | 'createdAt' | 'updatedAt'> & {
  role: string
  environmentIds: string[]
}

/** A stored worker application as it is today: the earlier form's role becomes an assignment on each environment. */
export function restoredWorker(stored: StoredWorker, organizations: readonly Organization[]): WorkerApplication {
  if ('roleAssignments' in stored) return stored
  const { role: name, environmentIds, ...worker } = stored
  const role = platformRole(name)
  const createdAt = organizations.find(({ id }) => id === worker.organizationId)?.createdAt ?? new Date(0).toISOString()
  const scopes = environmentIds.map((id) => ({ id, type: 'ENVIRONMENT' as const }))
  return {
    ...worker,
    roleAssignments: role ? scopes.map((scope) => assignment(worker.clientId, role, scope)) : [],
    createdAt,
    updatedAt: createdAt,
  }
}
