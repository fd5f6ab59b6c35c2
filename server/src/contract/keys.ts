import { z } from 'zod'
import { defineRoute } from './route.ts'

export const masterKeyStatusSchema = z
  .object({
    origin: z.enum(['configured', 'trial']).describe('trial: made by FlightIQ for a loopback trial.'),
    source: z
      .enum(['file', 'variable', 'memory'])
      .describe('FlightIQ rotates a key in a file by itself. memory: it ends with the process.'),
    version: z.string().describe('Names the key in use without telling it.'),
    since: z.string().describe('ISO 8601: since when it is in use.'),
    secrets: z.number().int().describe('How many secrets are stored.'),
    older: z.number().int().describe('How many of them an earlier key still seals.'),
    spare: z.boolean().describe('An earlier key is given that opens nothing any more: it can be removed.'),
  })
  .meta({ id: 'MasterKeyStatus' })
export type MasterKeyStatus = z.infer<typeof masterKeyStatusSchema>

export const keyRoutes = {
  getMasterKeyStatus: defineRoute({
    operationId: 'getMasterKeyStatus',
    method: 'GET',
    url: '/api/master-key',
    summary: 'How the stored secrets stand to the master key.',
    tag: 'keys',
    permission: 'configure',
    schema: { response: { 200: masterKeyStatusSchema } },
  }),
  rotateMasterKey: defineRoute({
    operationId: 'rotateMasterKey',
    method: 'POST',
    url: '/api/master-key/rotate',
    summary: 'Makes a new master key in its file, and seals everything with it, while FlightIQ goes on serving.',
    tag: 'keys',
    permission: 'configure',
    audit: 'masterKey.rotated',
    callsPerMinute: 10,
    schema: { response: { 200: masterKeyStatusSchema } },
  }),
}
