import type { JsonObject } from '@flightiq/core'
import type { FlowKey } from './flow-names.ts'

/** A flow policy: which flows it may start, and how often each. */
export interface DemoPolicy {
  name: string
  flows: [flow: FlowKey, weight: number, version?: number][]
  status?: 'disabled'
  trigger?: JsonObject
}

/** A DaVinci application with its policies. */
export interface DemoApplication {
  name: string
  oauth: JsonObject
  policies: DemoPolicy[]
}

const reauthentication: JsonObject = {
  type: 'AUTHENTICATION',
  configuration: {
    mfa: { enabled: false, time: 0, timeFormat: 'min' },
    pwd: { enabled: true, time: 12, timeFormat: 'hour' },
  },
}

/** How much of the registrations go the short way, on trial. */
const expressShare: Record<string, number> = { Development: 50, Test: 25, Production: 10 }

/** The applications of an environment of the ferry line. */
export function ferryApplications(environmentName: string): DemoApplication[] {
  const stage = environmentName === 'Production' ? '' : `${environmentName.toLowerCase()}.`
  const oauth = (host: string): JsonObject => ({
    grantTypes: ['authorizationCode'],
    scopes: ['openid', 'profile'],
    redirectUris: [`https://${host}.${stage}lumenfjord.example/signed-on`],
    logoutUris: [`https://${host}.${stage}lumenfjord.example/`],
  })
  const express = expressShare[environmentName] ?? 0
  return [
    {
      name: 'Lumenfjord Booking',
      oauth: oauth('booking'),
      policies: [
        { name: 'Customer sign-on', flows: [['sign-on', 100]], trigger: reauthentication },
        {
          name: 'Registration trial',
          flows: [
            ['registration', 100 - express],
            ['express-registration', express],
          ],
        },
        { name: 'Profile', flows: [['profile', 100]], trigger: reauthentication },
        ...(environmentName === 'Development'
          ? [{ name: 'Passkey first', flows: [['passkey-sign-on', 100]] satisfies DemoPolicy['flows'] }]
          : []),
        ...(environmentName === 'Production'
          ? [
              {
                name: 'Newsletter',
                flows: [['newsletter', 100]] satisfies DemoPolicy['flows'],
                status: 'disabled' as const,
              },
            ]
          : []),
      ],
    },
    {
      name: 'Lumenfjord Crew Portal',
      oauth: oauth('crew'),
      policies: [
        {
          name: 'Staff sign-on',
          flows: [['staff-sign-on', 100, environmentName === 'Production' ? 6 : -1]],
          trigger: reauthentication,
        },
      ],
    },
    {
      name: 'Lumenfjord Companion App',
      oauth: { ...oauth('app'), scopes: ['openid', 'profile', 'offline_access'] },
      policies: [{ name: 'App sign-on', flows: [['sign-on', 100]] }],
    },
  ]
}

/** The applications of an environment of the library. */
export function libraryApplications(environmentName: string): DemoApplication[] {
  const redirectUris = [`https://${environmentName.toLowerCase()}.quillhaven.example/signed-on`]
  return [
    {
      name: 'Catalogue',
      oauth: { redirectUris, scopes: ['openid', 'profile'] },
      policies: [{ name: 'Readers', flows: [['library-sign-on', 100]] }],
    },
  ]
}
