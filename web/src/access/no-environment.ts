import type { Problem } from '../api/client.ts'

/** What it means that PingOne lists no environment, which it does without an error. */
export const noEnvironmentSeen: Problem = {
  type: 'about:blank',
  title: 'No environment can be seen',
  status: 403,
  code: 'NO_ENVIRONMENT_SEEN',
  detail:
    'PingOne shows a worker app only environments that it has a role on. It shows this one none, or none that your own role in FlightIQ covers.',
  nextStep:
    'In PingOne, open the worker app > Roles > Grant Roles, and give it a role on the environments it is for. The validation checklist tells what else may be missing.',
}
