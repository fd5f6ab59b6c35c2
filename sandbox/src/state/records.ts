import type { JsonObject } from '@flightiq/core'
import type { RoleAssignment } from '../roles/assignments.ts'

/** An epoch in milliseconds; the sandbox takes its time only from here. */
export type Clock = () => number

/** A clock's time as PingOne writes it: `2026-01-02T03:04:05.678Z`. */
export function timestamp(now: Clock): string {
  return new Date(now()).toISOString()
}

/** One saved state of a flow. Immutable but for its alias and the mark of a deployment. */
export interface FlowVersion {
  version: number
  /** All that a client can write: name, description, color, graphData, schemas, settings, trigger, and unknown fields. */
  content: JsonObject
  createdAt: string
  updatedAt: string
  deployedAt?: string
  alias?: string
  /** The version that a revert made this one from. */
  clonedFrom?: number
}

/** A flow: its versions, and which of them is current and which one runs. */
export interface Flow {
  id: string
  enabled: boolean
  createdAt: string
  updatedAt: string
  deployedAt?: string
  currentVersion: number
  /** Absent until the first deployment. */
  publishedVersion?: number
  /** In rising order. */
  versions: FlowVersion[]
}

/** Any other resource: what a client can write, as it was written, and what the API adds. */
export interface Resource {
  id: string
  /** Rises with each insert; lists are in this order, and cursors hold it. */
  sequence: number
  createdAt: string
  updatedAt: string
  content: JsonObject
}

/** A flow policy, which lives in an application. */
export interface FlowPolicy extends Resource {
  applicationId: string
}

/** A worker application: who may ask for tokens, and how. */
export interface WorkerApplication {
  clientId: string
  clientSecret: string
  name: string
  organizationId: string
  /** Where the application lives, which is the environment of its token path. */
  environmentId: string
  enabled: boolean
  tokenEndpointAuthMethod: 'CLIENT_SECRET_BASIC' | 'CLIENT_SECRET_POST'
  grantTypes: string[]
  /** All that it may do. Where no role covers an environment of its organization, that is forbidden to it. */
  roleAssignments: RoleAssignment[]
  createdAt: string
  updatedAt: string
}

/** A PingOne organization, with its one licence. */
export interface Organization {
  id: string
  name: string
  description: string
  type: 'PAID' | 'TRIAL' | 'INTERNAL'
  licenceId: string
  createdAt: string
  updatedAt: string
}
