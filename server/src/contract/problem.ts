import { z } from 'zod'

/** RFC 9457 problem details, as every error of the API is answered (application/problem+json). */
export const problemSchema = z
  .object({
    type: z.string().describe('`about:blank` or a link to the documentation of the code.'),
    title: z.string(),
    status: z.number().int(),
    code: z.string().describe('Stable, in capitals: TENANT_NOT_FOUND, PINGONE_REFUSED, …'),
    detail: z.string().describe('What happened, for a person.'),
    nextStep: z.string().optional().describe('What to do about it.'),
    requestId: z.string().optional().describe('Of a fault within FlightIQ: to find it in the log.'),
    errors: z
      .array(z.object({ pointer: z.string(), message: z.string() }))
      .optional()
      .describe('Which fields of the request are wrong.'),
    pingone: z
      .object({
        status: z.number().int(),
        id: z.string().optional().describe("PingOne's correlation id."),
        code: z.string().optional(),
        message: z.string().optional(),
        details: z.array(z.record(z.string(), z.unknown())).optional(),
      })
      .optional()
      .describe("PingOne's own words, when it was PingOne that refused."),
    diagnosis: z
      .object({
        cause: z.enum([
          'environmentNotCovered',
          'domainNotCovered',
          'tenantMismatch',
          'readOnly',
          'policyOrDependency',
          'license',
          'unknown',
        ]),
        explanation: z.string(),
        nextStep: z.string().optional(),
        certain: z.boolean().optional(),
        artifact: z.object({ kind: z.string(), id: z.string(), name: z.string().optional() }).optional(),
      })
      .optional()
      .describe('Which of the known reasons PingOne refused for, found out by looking at what the worker app may do.'),
  })
  .meta({ id: 'Problem' })
export type Problem = z.infer<typeof problemSchema>
