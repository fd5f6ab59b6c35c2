import type { Problem } from '../api/client.ts'

export type Diagnosis = NonNullable<Problem['diagnosis']>

const causes: Record<Diagnosis['cause'], string | undefined> = {
  environmentNotCovered: 'A role is missing on this environment',
  domainNotCovered: 'A role is missing for this sort of thing',
  tenantMismatch: 'This environment belongs to another Org Root',
  readOnly: 'The worker app may read here, but not write',
  policyOrDependency: 'A policy or dependency in PingOne stands against it',
  license: 'The licence does not allow it',
  unknown: undefined,
}

/** Why PingOne refused, as a heading; undefined when it could not be found out. */
export function causeInWords({ cause, certain }: Diagnosis): string | undefined {
  const words = causes[cause]
  return words && certain === false ? `Most likely: ${words.charAt(0).toLowerCase()}${words.slice(1)}` : words
}

/** The name of what it is about, when the explanation doesn't say it already. */
export function artifactInWords({ artifact, explanation }: Diagnosis): string | undefined {
  if (!artifact) return undefined
  const name = artifact.name ?? artifact.id
  return explanation.includes(name) ? undefined : name
}

/** Whether the access matrix shows more of it: not when something else than a role stands against the call. */
export const isAboutRoles = ({ cause }: Diagnosis): boolean => cause !== 'license' && cause !== 'tenantMismatch'
