import type { Migration } from 'kysely/migration'
import * as firstTables from './0001-first-tables.ts'
import * as mappings from './0002-mappings.ts'
import * as access from './0003-access.ts'
import * as masterKey from './0004-master-key.ts'

/** Every migration, by number. A new one is a new file and a line here; an old one is never changed. */
export const migrations: Record<string, Migration> = {
  '0001-first-tables': firstTables,
  '0002-mappings': mappings,
  '0003-access': access,
  '0004-master-key': masterKey,
}
