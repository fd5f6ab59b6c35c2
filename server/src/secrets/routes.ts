import type { keyRoutes } from '../contract/keys.ts'
import type { Handlers } from '../http/handlers.ts'
import type { Services } from '../services.ts'

/** The master key over HTTP. */
export function keyHandlers({ keys }: Services): Handlers<typeof keyRoutes> {
  return {
    getMasterKeyStatus: () => keys.status(),
    rotateMasterKey: async ({ audit }) => {
      const before = await keys.status()
      const after = await keys.rotate()
      audit({ details: { before: before.version, after: after.version } })
      return after
    },
  }
}
