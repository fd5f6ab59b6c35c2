import type { auditRoutes } from '../contract/audit.ts'
import type { Handlers } from '../http/handlers.ts'
import type { Services } from '../services.ts'
import { exportFormats } from './export.ts'
import { viewOf } from './search.ts'

/** The audit log over HTTP. */
export function auditHandlers({ audit: log }: Services): Handlers<typeof auditRoutes> {
  return {
    listAudit: ({ caller, query }) => log.list(viewOf(caller), query),
    exportAudit: async ({ caller, query: { format, ...filter }, audit }) => {
      audit({ details: { format, filter } })
      const { contentType, write } = exportFormats[format]
      const entries = await log.entries(viewOf(caller), filter)
      return { fileName: `flightiq-audit.${format}`, contentType, chunks: write(entries) }
    },
    verifyAudit: async ({ audit }) => {
      const verification = await log.verify()
      const { ok, entries, fault } = verification
      audit({ details: { ok, entries, ...(fault ? { fault: fault.explanation } : {}) } })
      return verification
    },
  }
}
