/** Access: what PingOne's roles and trials say a worker app may do, what it needs, and why a call was refused. */
export {
  type AccessOperation,
  type Area,
  type AreaId,
  accessOperations,
  areaOf,
  areas,
  operationsOf,
  permissionsFor,
} from './areas.ts'
export type { AccessEnvironment, RoleAssignment, RoleDefinition, RoleScope, ScopeType } from './assignments.ts'
export { areaOfCall, type CallMeaning, type PingOneCall } from './calls.ts'
export { type AccessJob, type AccessNeed, accessJob, accessJobs } from './jobs.ts'
export { type AccessCell, type AccessFacts, type AccessMatrix, type AccessProbe, accessMatrix } from './matrix.ts'
export {
  type AccessAdvice,
  type AdviceFacts,
  type AdvisedRole,
  advise,
  type ExcessRole,
  type MissingRole,
} from './minimum.ts'
export type { JobChoice } from './needs.ts'
export {
  judgeRefusal,
  type NamedArtifact,
  type Refusal,
  type RefusalCause,
  type RefusalDetail,
  type RefusalKnowledge,
  type RefusedCall,
} from './refusal.ts'
export { knownRoleDefinitions, platformRolesKnown } from './roles.ts'
