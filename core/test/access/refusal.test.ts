import {
  type AccessFacts,
  accessMatrix,
  areaOfCall,
  areas,
  judgeRefusal,
  operationsOf,
  type RefusalKnowledge,
  type RefusedCall,
} from '@flightiq/core'
import { describe, expect, it } from 'vitest'
import { assign, environments, organizationId, probe, roles } from './builders.ts'

const prod = '/v1/environments/prod'
const accessFailed = 'The request could not be completed. You do not have access to this resource.'
const forbidden = {
  status: 403,
  code: 'ACCESS_FAILED',
  message: accessFailed,
  details: [{ code: 'INSUFFICIENT_PERMISSIONS', message: accessFailed }],
}

function matrixOf(assignments: AccessFacts['assignments'], probes: AccessFacts['probes'] = []) {
  return accessMatrix({ organizationId, environments, roles, assignments, probes })
}
const visible: RefusalKnowledge = {
  organizationId,
  environment: 'visible',
  environmentName: 'Production',
  davinci: true,
}
const artifacts = [
  { id: '3a1d0f0e9c8b4a7f8e6d5c4b3a291807', name: 'Sign on', label: 'Flow' },
  { id: 'aaaabbbbccccddddeeeeffff00001111', name: 'Web sign-on', label: 'Flow policy' },
]
const [flow, policy] = artifacts.map(({ id }) => id)
const readOnly = matrixOf([assign('DaVinci Admin Read Only', 'prod')])
const admin = matrixOf([assign('DaVinci Admin', 'prod')])

describe('a refused call', () => {
  it.each<[string, string, RefusedCall, RefusalKnowledge]>([
    [
      'a role lacks this environment: its reading is refused too',
      'environmentNotCovered',
      { method: 'GET', path: `${prod}/flows`, ...forbidden },
      { environment: 'refused' },
    ],
    [
      'a role lacks this environment: no role reaches it',
      'environmentNotCovered',
      { method: 'GET', path: `${prod}/flows`, ...forbidden },
      { matrix: matrixOf([assign('DaVinci Admin', 'dev')]) },
    ],
    [
      'a role lacks this domain',
      'domainNotCovered',
      { method: 'GET', path: `${prod}/templates/general/contents`, ...forbidden },
      { ...visible, matrix: readOnly },
    ],
    [
      'a role lacks this domain, also to write',
      'domainNotCovered',
      { method: 'POST', path: `${prod}/keys`, ...forbidden },
      { ...visible, matrix: admin },
    ],
    [
      'a role covers only some populations',
      'domainNotCovered',
      { method: 'GET', path: `${prod}/populations/another`, ...forbidden },
      { ...visible, matrix: matrixOf([assign('Identity Data Admin', 'prod-population', 'POPULATION')]) },
    ],
    [
      'reading without writing',
      'readOnly',
      { method: 'PUT', path: `${prod}/flows/${flow}`, ...forbidden },
      { ...visible, matrix: readOnly },
    ],
    [
      'reading without exporting',
      'readOnly',
      {
        method: 'POST',
        path: `${prod}/flows/${flow}/versions/3`,
        contentType: 'application/vnd.pingidentity.flowversion.export+json',
        ...forbidden,
      },
      { ...visible, matrix: readOnly },
    ],
    [
      'reading without writing, known from trials alone',
      'readOnly',
      { method: 'POST', path: `${prod}/variables`, ...forbidden },
      {
        ...visible,
        matrix: matrixOf('unknown', [
          probe('prod', 'variable', 'read', 'allowed'),
          probe('prod', 'variable', 'create', 'refused'),
        ]),
      },
    ],
    [
      'an older service that says it with 401',
      'readOnly',
      { method: 'PUT', path: `${prod}/flows/${flow}`, ...forbidden, status: 401 },
      { ...visible, matrix: readOnly },
    ],
    [
      'an environment of another organization',
      'tenantMismatch',
      { method: 'GET', path: `${prod}/flows`, ...forbidden },
      { organizationId, environmentOrganizationId: 'another' },
    ],
    [
      'an environment that PingOne does not know for this worker app',
      'tenantMismatch',
      { method: 'GET', path: `${prod}/flows`, ...forbidden },
      { environment: 'missing', matrix: admin },
    ],
    [
      'an environment that is asked for itself and is not there',
      'tenantMismatch',
      { method: 'GET', path: prod, status: 404, code: 'NOT_FOUND' },
      { environment: 'missing' },
    ],
    [
      'another organization',
      'tenantMismatch',
      { method: 'GET', path: '/v1/organizations/another', ...forbidden },
      { organizationId },
    ],
    [
      'what the roles allow',
      'policyOrDependency',
      { method: 'PUT', path: `${prod}/flows/${flow}`, ...forbidden },
      { ...visible, matrix: admin },
    ],
    [
      'what the roles allow, and trials refuse too',
      'policyOrDependency',
      { method: 'PUT', path: `${prod}/flows/${flow}`, ...forbidden },
      {
        ...visible,
        matrix: matrixOf([assign('DaVinci Admin', 'prod')], [probe('prod', 'flow', 'update', 'refused')]),
      },
    ],
    [
      'a key in use',
      'policyOrDependency',
      {
        method: 'DELETE',
        path: `${prod}/keys/k`,
        status: 400,
        code: 'INVALID_DATA',
        message: 'The Key must not be in use',
      },
      visible,
    ],
    [
      'a licence that is used up',
      'license',
      { method: 'POST', path: `${prod}/flows`, status: 403, details: [{ code: 'LICENSE_EXCEEDED' }] },
      { ...visible, matrix: admin },
    ],
    [
      'an organization without DaVinci',
      'license',
      {
        method: 'POST',
        path: '/v1/environments',
        status: 400,
        message: 'Organization does not have Ping One DaVinci FF enabled',
      },
      {},
    ],
    [
      'an environment without DaVinci',
      'license',
      { method: 'GET', path: '/v1/environments/admin/flows', ...forbidden },
      { environment: 'visible', davinci: false, matrix: matrixOf([assign('DaVinci Admin', 'admin')]) },
    ],
    [
      'a refusal of which nothing else is known',
      'unknown',
      { method: 'PUT', path: `${prod}/forms/f`, ...forbidden },
      visible,
    ],
    [
      'a body that PingOne does not take',
      'unknown',
      {
        method: 'POST',
        path: `${prod}/flows`,
        status: 400,
        details: [{ code: 'UNIQUENESS_VIOLATION', target: 'name', message: 'must be unique' }],
      },
      { ...visible, matrix: readOnly },
    ],
    ['a token that ran out', 'unknown', { method: 'GET', path: `${prod}/flows`, status: 401 }, { matrix: readOnly }],
  ])('is judged: %s', (_what, cause, call, known) => {
    const refusal = judgeRefusal(call, known)
    expect(refusal).toMatchObject({ cause, explanation: expect.stringMatching(/\.$/), nextStep: expect.any(String) })
    expect(`${refusal.explanation} ${refusal.nextStep}`).not.toMatch(/undefined|null|\[object/)
  })

  it('names the flow policy that PingOne names by id', () => {
    const details = [
      {
        code: 'CONSTRAINT_VIOLATION',
        message: 'This Flow is in a Application Flow Policy',
        innerError: { referencedValues: [policy] },
      },
    ]
    const call = { method: 'DELETE', path: `${prod}/flows/${flow}`, status: 400, code: 'INVALID_DATA', details }
    expect(judgeRefusal(call, { ...visible, artifacts })).toMatchObject({
      cause: 'policyOrDependency',
      area: 'flow',
      operation: 'delete',
      artifact: { id: policy, name: 'Web sign-on' },
      explanation:
        'Flow "Sign on" cannot be removed as things stand (PingOne: "This Flow is in a Application Flow Policy"). It is used by flow policy "Web sign-on".',
      nextStep: expect.stringContaining('flow policy "Web sign-on"'),
    })
  })

  it('names what refers to the flow when PingOne names nothing', () => {
    const message = 'This Flow is in a Application Flow Policy'
    const call = { method: 'DELETE', path: `${prod}/flows/${flow}`, status: 400, details: [{ message }] }
    const usedBy = (id: string) => (id === flow ? artifacts.slice(1) : [])
    expect(judgeRefusal(call, { ...visible, artifacts, usedBy })).toMatchObject({ artifact: { id: policy } })
    expect(judgeRefusal(call, visible)).toMatchObject({ cause: 'policyOrDependency' })
    expect(judgeRefusal(call, visible).artifact).toBeUndefined()
  })

  it('names the permission that is missing, and the environment', () => {
    const call = { method: 'PUT', path: `${prod}/flows/${flow}`, ...forbidden }
    const refusal = judgeRefusal(call, { ...visible, matrix: readOnly, artifacts })
    expect(refusal.explanation).toBe('The worker app may read flows in Production, but not update them.')
    expect(refusal.nextStep).toContain('davinci:update:dvFlows')
    expect(refusal.artifact).toMatchObject({ name: 'Sign on' })
  })
})

describe('what a call means', () => {
  const vendor = (action: string) => `application/vnd.pingidentity.${action}+json`

  it.each([
    ['GET', 'flows?attributes=id', undefined, 'flow', 'read', undefined],
    ['POST', 'flows', vendor('flow.import.legacy'), 'flow', 'create', undefined],
    ['PUT', 'flows/f', 'application/json', 'flow', 'update', 'f'],
    ['POST', 'flows/f', vendor('flow.deploy'), 'flow', 'deploy', 'f'],
    ['POST', 'flows/f', vendor('flow.clone'), 'flow', 'create', 'f'],
    ['PUT', 'flows/f/enabled', undefined, 'flow', 'update', 'f'],
    ['POST', 'flows/f/versions/3', vendor('flowversion.export'), 'flowVersion', 'export', 'f'],
    ['POST', 'flows/f/versions/3', vendor('flowversion.revert'), 'flowVersion', 'update', 'f'],
    ['PUT', 'flows/f/versions/3/alias', undefined, 'flowVersion', 'update', 'f'],
    ['GET', 'connectors/httpConnector/details', undefined, 'connector', 'read', 'httpConnector'],
    ['POST', 'connectorInstances/i', vendor('connectorInstance.clone'), 'connectorInstance', 'create', 'i'],
    ['DELETE', 'variables/v', undefined, 'variable', 'delete', 'v'],
    ['POST', 'davinciApplications/a/key', undefined, 'application', 'update', 'a'],
    ['POST', 'davinciApplications/a/flowPolicies', undefined, 'flowPolicy', 'create', undefined],
    ['PUT', 'davinciApplications/a/flowPolicies/p', undefined, 'flowPolicy', 'update', 'p'],
    ['GET', 'forms/f', undefined, 'form', 'read', 'f'],
    ['PATCH', 'templates/general/contents', undefined, 'notificationTemplate', 'update', undefined],
    ['POST', 'schemas/s/attributes', undefined, 'attribute', 'create', undefined],
    ['DELETE', 'schemas/s/attributes/a%20b', undefined, 'attribute', 'delete', 'a b'],
    ['GET', 'certificates', undefined, 'certificate', 'read', undefined],
    ['PUT', 'keys/k', undefined, 'key', 'update', 'k'],
    ['POST', 'languages', undefined, 'language', 'create', undefined],
    ['GET', 'populations/p', undefined, 'population', 'read', 'p'],
    ['GET', 'applications/a', undefined, 'pingOneApplication', 'read', 'a'],
    ['GET', 'applications/a/roleAssignments', undefined, 'roleAssignment', 'read', undefined],
  ])('%s %s (%s)', (method, path, contentType, area, operation, id) => {
    const meaning = areaOfCall({ method, path: `/v1/environments/e/${path}`, contentType })
    expect(meaning).toEqual({ environmentId: 'e', area, operation, ...(id === undefined ? {} : { id }) })
  })

  it('is only an operation that the area has', () => {
    for (const { area, operation } of [
      areaOfCall({ method: 'PUT', path: '/v1/environments/e/certificates/c' }),
      areaOfCall({ method: 'PUT', path: '/v1/environments/e/applications/a/roleAssignments/r' }),
    ]) {
      const known = areas.find(({ id }) => id === area)!
      if (operation !== undefined) expect(operationsOf(known)).toContain(operation)
    }
  })

  it('is left open for paths that are not known', () => {
    expect(areaOfCall({ method: 'GET', path: '/v1/environments/e/themes' })).toEqual({ environmentId: 'e' })
    expect(areaOfCall({ method: 'GET', path: '/v1/environments/e' })).toEqual({ environmentId: 'e' })
    expect(areaOfCall({ method: 'GET', path: '/v1/environments' })).toEqual({})
    expect(areaOfCall({ method: 'GET', path: '/v1/environments/e/flows/%E0%A4%A' })).toMatchObject({ id: '%E0%A4%A' })
  })
})
