import { type JsonObject, kindOf, type Reference } from '@flightiq/core'
import { describe, expect, it } from 'vitest'
import { condition, flowWith, nodeOf, plainRichText, richText, standsThere } from './flow-support.ts'

const flow = kindOf('flow')
const uuid = '3b55f2ca-6689-4c64-9b5b-ed5afbe40f01'
const other = '1e9ff5fb-3f57-44d1-9c59-4c5c3f49e0c7'

/** References of the properties of one node, its own connector instance left out. */
function inNode(connectorId: string, properties: JsonObject): Reference[] {
  const content = flowWith([nodeOf('n1', connectorId, properties)])
  const found = flow.references(content)
  for (const reference of found) expect(standsThere(content, reference), JSON.stringify(reference)).toBe(true)
  return found.filter(({ pointer }) => !pointer.endsWith('/data/connectionId'))
}

function brief(references: Reference[]): string[] {
  return references.map(({ kind, by, target, spot, context }) =>
    [kind, by, spot, target, ...(context === undefined ? [] : [context])].join(' '),
  )
}

describe('references of a flow', () => {
  it('name the node, the connector and the exact spot of a connector instance', () => {
    const content = flowWith([nodeOf('n1', 'httpConnector', {}, { name: 'Http', label: 'Call' })])
    expect(flow.references(content)).toEqual([
      {
        kind: 'connectorInstance',
        by: 'id',
        target: 'of-httpConnector',
        pointer: '/graphData/elements/nodes/0/data/connectionId',
        spot: 'value',
        connectorId: 'httpConnector',
        label: 'Http',
        node: { id: 'n1', label: 'Call' },
      },
    ])
  })

  it('are found in annotations too', () => {
    const content = flowWith([nodeOf('n1', 'annotationConnector', {}, { nodeType: 'ANNOTATION' })])
    expect(brief(flow.references(content))).toEqual(['connectorInstance id value of-annotationConnector'])
  })

  it('call the node by its title where it has one', () => {
    const content = flowWith([nodeOf('n1', 'httpConnector', { nodeTitle: { value: 'Show form' } })])
    expect(flow.references(content)[0]?.node).toEqual({ id: 'n1', label: 'Show form' })
  })

  it.each<[string, string, JsonObject, string[]]>([
    [
      'identity provider lists',
      'httpConnector',
      {
        idpList: {
          constructType: 'skConnectorList',
          value: [{ connectionId: 'c1', connectorId: 'idpX', properties: {} }],
        },
        externalIdentityProvider: {
          c1: { identityProvider: [{ identityProviderId: other, populationId: uuid, returnUrl: '' }] },
        },
      },
      [
        'connectorInstance id value c1',
        'connectorInstance id key c1',
        `identityProvider id value ${other}`,
        `population id value ${uuid}`,
      ],
    ],
    [
      'no field of tomorrow among the settings of instances',
      'httpConnector',
      {
        externalIdentityProvider: {
          ['c'.repeat(32)]: { settingOfTomorrow: true },
          fieldOfTomorrow: { is: 'not an instance' },
        },
      },
      [`connectorInstance id key ${'c'.repeat(32)}`],
    ],
    [
      'identity provider buttons within a rich text',
      'httpConnector',
      {
        customHTML: {
          value: JSON.stringify([
            { children: [{ text: '', options: { idpConnector: 'c1', identityProviderId: other, populationId: '' } }] },
          ]),
        },
      },
      ['connectorInstance id template c1', `identityProvider id template ${other}`],
    ],
    [
      'user pools',
      'userPolicyConnector',
      { connectionId: { value: 'defaultUserPool' } },
      ['connectorInstance id value defaultUserPool'],
    ],
    ['subflows', 'flowConnector', { subFlowId: { value: { label: 'Sub', value: 'f2' } } }, ['flow id value f2']],
    ['subflows by id alone', 'flowConnector', { subFlowId: { value: 'f2' } }, ['flow id value f2']],
    ['subflows without wrapper', 'flowConnector', { subFlowId: { label: 'Sub', value: 'f2' } }, ['flow id value f2']],
    ['subflows not chosen yet', 'flowConnector', { subFlowId: { value: { label: '', value: '' } } }, []],
    [
      'saved variables',
      'variablesConnector',
      {
        saveVariables: {
          value: [{ name: 'a', label: 'a (string - flowInstance)', value: richText('{{local.n0.x}}') }],
        },
        saveFlowVariables: { value: [{ name: 'b', label: 'b' }] },
        saveCompanyVariables: {
          value: [
            { name: 'c', label: 'c (string - company)' },
            { name: 'd', label: 'd (x - Flow Connector)' },
          ],
        },
      },
      [
        'variable name value a flowInstance',
        'node id template n0',
        'node id template n0',
        'variable name value b flow',
        'variable name value c company',
        'variable name value d company',
      ],
    ],
    ['counters', 'variablesConnector', { variable: { value: 'tries' } }, ['variable name value tries']],
    [
      'claims that return a variable',
      'httpConnector',
      {
        claimsNameValuePairs: {
          value: [
            { name: 'x', label: 'user (id) (string - flowInstance)' },
            { name: 'y', label: 'y' },
          ],
        },
      },
      ['variable name template user (id) flowInstance'],
    ],
    [
      'variables in texts',
      'httpConnector',
      { body: { value: '{{global.company.variables.a}}' } },
      ['variable name template a company'],
    ],
    [
      'variables in headers',
      'httpConnector',
      { headers: { value: [{ key: 'k', value: '{{global.variables.a}}' }] } },
      ['variable name template a'],
    ],
    ['nodes to go to', 'nodeConnector', { nodeInstanceId: { value: 'n9' } }, ['node id value n9']],
    ['forms', 'pingOneFormsConnector', { form: { value: uuid } }, [`form id value ${uuid}`]],
    [
      'form fields of user attributes',
      'pingOneFormsConnector',
      {
        formData: {
          value: [
            { key: 'user.username', value: '' },
            { key: 'remember', value: '' },
          ],
        },
      },
      ['attribute name template username'],
    ],
    [
      'notification variants',
      'notificationsConnector',
      { templateVariant: { value: 'magic-link' } },
      ['notificationTemplate name value magic-link'],
    ],
    [
      'custom notification variants',
      'pingOneMfaConnector',
      {
        templateVariant: { value: 'enterCustomValue' },
        customTemplateVariant: { value: plainRichText('Magic "link"') },
      },
      ['notificationTemplate name template Magic "link"'],
    ],
    [
      'variants of an action',
      'pingOneSSOConnector',
      { changePasswordUserTemplateVariant: { value: 'v' } },
      ['notificationTemplate name value v'],
    ],
    ['languages', 'notificationsConnector', { templateLocale: { value: 'de' } }, ['language name value de']],
    [
      'notification policies',
      'pingOneMfaConnector',
      { notificationPolicyId: { value: uuid } },
      [`notificationPolicy id value ${uuid}`],
    ],
    [
      'MFA policies',
      'pingOneMfaConnector',
      { deviceAuthenticationPolicyId: { value: uuid } },
      [`mfaPolicy id value ${uuid}`],
    ],
    ['risk policies', 'pingOneRiskConnector', { riskPolicySetId: { value: uuid } }, [`riskPolicy id value ${uuid}`]],
    [
      'risk policies given to a subflow',
      'flowConnector',
      { riskPolicyID: { value: plainRichText(uuid) } },
      [`riskPolicy id template ${uuid}`],
    ],
    ['verify policies', 'pingOneVerifyConnector', { verifyPolicy: { value: uuid } }, [`verifyPolicy id value ${uuid}`]],
    ['populations', 'pingOneSSOConnector', { population: { value: uuid } }, [`population id value ${uuid}`]],
    [
      'population sentinels',
      'pingOneSSOConnector',
      { population: { value: 'usePopulationId' }, populationId: { value: plainRichText(uuid) } },
      [`population id template ${uuid}`],
    ],
    [
      'populations by variable',
      'pingOneSSOConnector',
      { populationId: { value: richText('{{global.variables.p}}') } },
      ['variable name template p', 'variable name template p'],
    ],
    ['groups', 'pingOneSSOConnector', { group: { value: uuid } }, [`group id value ${uuid}`]],
    [
      'agreements',
      'pingOneSSOConnector',
      { agreement: { value: 'useAgreementId' }, agreementId: { value: uuid } },
      [`agreement id value ${uuid}`],
    ],
    [
      'identity providers',
      'pingOneAuthenticationConnector',
      { identityProvider: { value: uuid } },
      [`identityProvider id value ${uuid}`],
    ],
    [
      'gateways',
      'pingOneSSOConnector',
      { gatewayUserTypeList: { value: [{ gatewayId: uuid, name: 'x' }] } },
      [`gateway id value ${uuid}`],
    ],
    [
      'applications',
      'pingOneMfaConnector',
      { applicationIds: { value: [uuid, other] } },
      [`pingOneApplication id value ${uuid}`, `pingOneApplication id value ${other}`],
    ],
    [
      'applications typed into a rich text',
      'pingOneAuthenticationConnector',
      { applicationId: { value: plainRichText(uuid) } },
      [`pingOneApplication id template ${uuid}`],
    ],
    [
      'attributes',
      'pingOneSSOConnector',
      {
        matchAttributes: { value: ['id', 'email'] },
        additionalUserProperties: { value: [{ name: 'locale', value: '' }] },
      },
      ['attribute name value email', 'attribute name value locale'],
    ],
    [
      'themes',
      'pingOneFormsConnector',
      { theme: { value: 'useThemeId' }, themeId: { value: uuid } },
      [`theme id value ${uuid}`],
    ],
    ['UI templates', 'httpConnector', { sktemplate: { value: 'ab12' } }, ['uiTemplate id value ab12']],
    [
      'whole UI templates',
      'httpConnector',
      { sktemplate: { uiId: 'ab12', companyId: uuid, template: '{{global.variables.a}}', value: 'ab12' } },
      [
        'uiTemplate id value ab12',
        `environment id value ${uuid}`,
        'variable name template a',
        'uiTemplate id value ab12',
      ],
    ],
    [
      'environments of credentials',
      'pingOneCredentialsConnector',
      { issuerFilterEnvIds: { value: [uuid] } },
      [`environment id value ${uuid}`],
    ],
    [
      'environments in addresses',
      'httpConnector',
      {
        url: { value: `https://api.pingone.com/v1/environments/${uuid}/users and https://auth.pingone.eu/${other}/as` },
      },
      [`environment id template ${uuid}`, `environment id template ${other}`],
    ],
    [
      'placeholders of deploy tools',
      'pingOneFormsConnector',
      { form: { value: `\${form_login}` } },
      [`form id value \${form_login}`],
    ],
    ['pickers of other vendors', 'azureUserManagementConnector', { groupId: { value: uuid } }, []],
    [
      'empty custom values',
      'pingOneMfaConnector',
      { customTemplateVariant: { value: '{}' }, customNotificationPolicyId: { value: '{}' }, authTemplateName: {} },
      [],
    ],
  ])('are found in %s', (_title, connectorId, properties, expected) => {
    expect(brief(inNode(connectorId, properties))).toEqual(expected)
  })

  it('are found in the base64 of a component too, and rewritten there', () => {
    const written = `skcomponent "skIDP" idpConnector="c1" createP1User="true"{"options":{"idpConnector":"c1"}}`
    const page = (text: string) => `<b>[[[skcomponent###${btoa(text)}]]]</b> [[[skcomponent###no base64]]]`
    const content = flowWith([nodeOf('n1', 'httpConnector', { customHTML: { value: page(written) } })])
    const found = flow.references(content).filter(({ target }) => target === 'c1')
    expect(brief(found)).toEqual(['connectorInstance id template c1', 'connectorInstance id template c1'])
    const comparing = (comparing: boolean) =>
      Object.assign(({ target }: Reference) => (target === 'c1' ? 'other' : undefined), { comparing })
    for (const rewriter of [comparing(false), comparing(true)]) {
      expect(JSON.stringify(flow.rewrite(content, rewriter))).toContain(
        JSON.stringify(page(written.replaceAll('c1', 'other'))),
      )
    }
  })

  it('tell which connector an instance must be of, where the node says so', () => {
    const found = inNode('httpConnector', {
      idpList: { constructType: 'skConnectorList', value: [{ connectionId: 'c1', connectorId: 'idpX' }] },
      externalIdentityProvider: { c1: {}, c2: {} },
    })
    expect(found.map(({ target, connectorId }) => [target, connectorId])).toEqual([
      ['c1', 'idpX'],
      ['c1', 'idpX'],
      ['c2', undefined],
    ])
  })

  it('carry the name that stands beside a subflow', () => {
    expect(inNode('flowConnector', { subFlowId: { value: { label: 'Sub', value: 'f2' } } })[0]?.label).toBe('Sub')
  })

  it('lead from lines and conditions to nodes', () => {
    const content = flowWith([condition('c', { a: { value: 'always' } })], [['a', 'c']])
    expect(brief(flow.references(content))).toEqual(['node id key a', 'node id value a', 'node id value c'])
  })

  it('are found in settings', () => {
    const content = flowWith([], [], {
      settings: {
        cssLinks: ['https://x/a.css'],
        jsLinks: ['https://x/a.js', { label: 'b', value: 'https://x/b.js' }],
        customFaviconLink: 'https://x/i.png',
        customErrorScreenBrandLogoUrl: '',
        customTitle: '{{global.company.variables.title}}',
      },
    })
    expect(brief(flow.references(content))).toEqual([
      'asset id value https://x/a.css',
      'asset id value https://x/a.js',
      'asset id value https://x/b.js',
      'asset id value https://x/i.png',
      'variable name template title company',
    ])
  })

  it('are none in what is no flow at all', () => {
    expect(flow.references({})).toEqual([])
    expect(flow.references({ graphData: null, settings: null })).toEqual([])
    expect(flow.references({ graphData: { elements: { nodes: [null, 'x', { data: 1 }], edges: [[], {}] } } })).toEqual(
      [],
    )
  })
})
