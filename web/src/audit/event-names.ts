import type { AuditEntry } from './audit-log.ts'

const names: Record<string, string> = {
  'session.signedIn': 'Signed in',
  'session.refused': 'Sign-in refused',
  'session.signedOut': 'Signed out',
  'session.localAdministrator': 'Signed in as local administrator',
  'localAdministrator.offered': 'Token of the local administrator printed',
  'sessions.ended': 'Sessions ended',
  'loginApp.saved': 'Login app saved',
  'loginApp.tested': 'Login app tested',
  'loginApp.removed': 'Login app removed',
  'person.changed': 'Person shut out or let in',
  'grant.created': 'Role given',
  'grant.removed': 'Role taken back',
  'token.created': 'API token made',
  'token.revoked': 'API token revoked',
  'tenant.created': 'Tenant added',
  'tenant.updated': 'Tenant changed',
  'tenant.removed': 'Tenant removed',
  'tenant.tested': 'Credentials tested',
  'guard.set': 'Environment guard set',
  'guard.reset': 'Environment guard reset',
  'writes.stopped': 'Stop of all writes',
  'plan.created': 'Plan made',
  'plan.imported': 'Plan imported',
  'approval.requested': 'Approval asked for',
  'approval.decided': 'Approval decided',
  'run.started': 'Run started',
  'run.resumed': 'Run resumed',
  'run.cancelled': 'Run cancelled',
  'run.ended': 'Run ended',
  'run.interrupted': 'Run let go of',
  'operation.done': 'Operation carried out',
  'operation.failed': 'Operation failed',
  'backup.read': 'Backup looked at',
  'checklist.run': 'Validation checklist',
  'checklist.write': 'Trial write',
  'masterKey.rotated': 'Master key rotated',
  'audit.exported': 'Audit log exported',
  'audit.verified': 'Audit log checked',
  'audit.resumed': 'Audit log works again',
  'audit.chainBroken': 'Audit log tampered with',
  'audit.unreadable': 'Entry that cannot be read',
  'refusals.many': 'Refusals from many addresses',
  'server.started': 'Server started',
  'server.stopped': 'Server stopped',
}

/** An event for a person; one that this version has no words for is shown as it is. */
export function eventName(event: string): string {
  const known = names[event]
  if (known) return known
  if (event.startsWith('route.')) return `Refused: ${event.slice('route.'.length)}`
  return event
}

/** What an entry is about, by its name, or by the beginning of its id where it has none. */
export function subjectInWords({ kind, id, name }: NonNullable<AuditEntry['subject']>): string {
  const words = kind.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
  return `${words} ${name ?? (id.length > 12 ? `${id.slice(0, 8)}…` : id)}`
}
