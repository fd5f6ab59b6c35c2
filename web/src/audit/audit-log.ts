import { infiniteQueryOptions } from '@tanstack/react-query'
import { answerOf, api, type Shapes } from '../api/client.ts'
import type { AuditSearch } from './audit-search.ts'

export type AuditEntry = Shapes['AuditEntry']

/** The groups of events that the filter offers: all that begin with it. */
export const eventGroups = [
  { value: 'session', label: 'Sign-in and sessions' },
  { value: 'route', label: 'Refusals' },
  { value: 'tenant', label: 'Tenants' },
  { value: 'loginApp', label: 'Login app' },
  { value: 'person', label: 'People' },
  { value: 'grant', label: 'Roles' },
  { value: 'token', label: 'API tokens' },
  { value: 'guard', label: 'Environment guards' },
  { value: 'writes', label: 'Stop of all writes' },
  { value: 'plan', label: 'Plans' },
  { value: 'approval', label: 'Approvals' },
  { value: 'run', label: 'Runs' },
  { value: 'operation', label: 'Operations of runs' },
  { value: 'backup', label: 'Backups looked at' },
  { value: 'checklist', label: 'Validation checklist' },
  { value: 'masterKey', label: 'Master key' },
  { value: 'audit', label: 'Audit log itself' },
  { value: 'server', label: 'Server' },
]

/** The search as the API takes it. Days are those of this browser's time zone. */
export function filterOf({ event, outcome, actor, text, fromDay, untilDay }: AuditSearch) {
  return {
    ...(event ? { event: `${event}.` } : {}),
    ...(outcome ? { outcome } : {}),
    ...(actor ? { actor } : {}),
    ...(text ? { text } : {}),
    ...(fromDay ? { from: new Date(`${fromDay}T00:00:00`).toISOString() } : {}),
    ...(untilDay ? { until: new Date(`${untilDay}T23:59:59.999`).toISOString() } : {}),
  }
}

/** The entries that pass the search, newest first, page by page. */
export const auditQuery = (search: AuditSearch) =>
  infiniteQueryOptions({
    queryKey: ['audit', search],
    initialPageParam: undefined as number | undefined,
    queryFn: ({ pageParam, signal }) =>
      answerOf(
        api.GET('/api/audit', {
          params: {
            query: { ...filterOf(search), limit: 200, ...(pageParam === undefined ? {} : { before: pageParam }) },
          },
          signal,
        }),
      ),
    getNextPageParam: (page) => (page.more ? page.entries.at(-1)?.sequence : undefined),
  })

/** The address of the export of what passes the search. */
export function exportAddress(search: AuditSearch, format: 'jsonl' | 'csv'): string {
  return `/api/audit/export?${new URLSearchParams({ ...filterOf(search), format })}`
}
