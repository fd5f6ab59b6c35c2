import { z } from 'zod'
import { defineRoute } from './route.ts'

export const statusSchema = z
  .object({
    version: z.string(),
    tenants: z.number().int().describe('0: nothing is configured yet, show the Configure Tenant page.'),
    database: z.enum(['embedded', 'postgresql']),
    masterKey: z.enum(['configured', 'trial']).describe('trial: made by FlightIQ for a loopback trial.'),
    demo: z.boolean().describe('Started by `npm run demo`, against the sandbox.'),
  })
  .meta({ id: 'Status' })

export const statusRoutes = {
  getStatus: defineRoute({
    operationId: 'getStatus',
    method: 'GET',
    url: '/api/status',
    summary: 'What is running, and whether a tenant is configured.',
    tag: 'status',
    permission: 'signedIn',
    schema: { response: { 200: statusSchema } },
  }),
}
