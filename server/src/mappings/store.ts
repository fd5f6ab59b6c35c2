import { type SavedMapping, savedMappingSchema } from '@flightiq/core'
import { z } from 'zod'
import type { Database } from '../storage/database.ts'
import { storable } from '../storage/text.ts'

/** A pair of places of a tenant, each by what names it for good. */
export interface PlacePair {
  tenantId: string
  source: string
  destination: string
}

/** The mappings of a pair of places. */
export async function readMappings(database: Database, pair: PlacePair): Promise<SavedMapping[]> {
  const rows = await database
    .selectFrom('mappings')
    .select(['kind', 'source_id', 'destination_id'])
    .where('tenant_id', '=', pair.tenantId)
    .where('source', '=', storable(pair.source))
    .where('destination', '=', storable(pair.destination))
    .orderBy('created_at')
    .execute()
  return z
    .array(savedMappingSchema)
    .parse(rows.map((row) => ({ kind: row.kind, sourceId: row.source_id, destinationId: row.destination_id })))
}

/** Saves a mapping; a later one for the same source artifact takes its place. */
export async function writeMapping(database: Database, pair: PlacePair, mapping: SavedMapping): Promise<void> {
  await database
    .insertInto('mappings')
    .values({
      tenant_id: pair.tenantId,
      source: storable(pair.source),
      destination: storable(pair.destination),
      kind: mapping.kind,
      source_id: storable(mapping.sourceId),
      destination_id: storable(mapping.destinationId),
    })
    .onConflict((conflict) =>
      conflict
        .columns(['tenant_id', 'source', 'destination', 'kind', 'source_id'])
        .doUpdateSet({ destination_id: storable(mapping.destinationId) }),
    )
    .execute()
}
