import type { Problem } from '../api/client.ts'
import { causeInWords } from './diagnosis-words.ts'

/** What the console calls its problems: the phrases of HTTP, which say nothing to most people. */
const phrases: Record<string, string> = {
  'Bad Request': 'This was not understood',
  Unauthorized: 'Not signed in',
  Forbidden: 'Not allowed',
  'Not Found': 'Not found',
  Conflict: 'Not possible as things stand',
  'Payload Too Large': 'Too large',
  'Unprocessable Entity': 'This can’t be done as it stands',
  'Too Many Requests': 'Too many requests',
  'Internal Server Error': 'A fault within FlightIQ',
  'Bad Gateway': 'PingOne gave no usable answer',
  'Service Unavailable': 'Not available at the moment',
  'Gateway Timeout': 'PingOne could not be reached',
}

const titles: Record<string, string> = {
  PINGONE_REFUSED: 'PingOne refused this',
  PINGONE_THROTTLED: 'PingOne asked to slow down',
  PERMISSION_MISSING: 'Your role does not include this',
  LAST_ADMINISTRATOR: 'Somebody has to stay administrator',
  SIGN_IN_NEEDED: 'Nobody is signed in',
  SESSION_ENDED: 'Your session has ended',
  WRITES_STOPPED: 'All writes are stopped',
  ENVIRONMENT_LOCKED: 'The environment is locked',
  ENVIRONMENT_FROZEN: 'The environment is frozen',
  APPROVAL_NEEDED: 'An approval is needed',
  APPROVAL_DECLINED: 'The plan was declined',
  APPROVAL_EXPIRED: 'The approval has expired',
  APPROVAL_VOID: 'The approval is void',
  APPROVAL_USED: 'The approval was used',
  PERSON_NEEDED: 'This takes somebody known by name',
  OWN_PLAN: 'This takes another person',
  TOO_MANY_FAILURES: 'Too many attempts',
}

const guarded = /^(WRITES_STOPPED|ENVIRONMENT_LOCKED|ENVIRONMENT_FROZEN|APPROVAL_[A-Z]+)$/

/** Whether it was kept from happening, rather than failed: a role is missing, in PingOne or in the console, or a guard stands. */
export const isForbidden = ({ status, pingone, code }: Problem): boolean =>
  status === 403 || pingone?.status === 403 || guarded.test(code)

/** The heading of a problem, for a person: the reason of a refusal, where it was found out. */
export function titleOf(problem: Problem): string {
  const cause = problem.diagnosis && causeInWords(problem.diagnosis)
  if (cause) return cause
  if (problem.pingone?.status === 403) return 'The worker app is not allowed to do this'
  return titles[problem.code] ?? phrases[problem.title] ?? problem.title
}

/** What happened in a sentence. Of a refusal PingOne's own words; the request that it refused stands in the details. */
export function sentenceOf({ code, detail, pingone }: Problem): string {
  return code === 'PINGONE_REFUSED' && pingone?.message ? `PingOne says: ${pingone.message}` : detail
}

/** What exactly PingOne objects to, as far as it tells and the sentence doesn't say it already. At most five reasons. */
export function reasonsOf(problem: Problem): string[] {
  const sentence = sentenceOf(problem)
  const reasons = (problem.pingone?.details ?? []).flatMap((detail) => {
    const { message, target } = detail as { message?: unknown; target?: unknown }
    if (typeof message !== 'string' || sentence.includes(message)) return []
    return typeof target === 'string' && target !== '' ? `${target}: ${message}` : message
  })
  return [...new Set(reasons)].slice(0, 5)
}
