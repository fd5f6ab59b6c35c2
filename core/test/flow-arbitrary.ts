import type { Json, JsonObject } from '@flightiq/core'
import fc from 'fast-check'
import { plainRichText, richText } from './flow-support.ts'

const id = fc.stringMatching(/^[a-z0-9]{4,8}$/)
const hex = fc.stringMatching(/^[0-9a-f]{32}$/)
const uuid = fc.uuid()
const name = fc.stringMatching(/^[A-Za-z][A-Za-z0-9_-]{0,10}$/)
const context = fc.constantFrom('flowInstance', 'company', 'flow', 'user')

const expression = fc.oneof(
  name.map((to) => `{{global.variables.${to}}}`),
  fc.tuple(fc.constantFrom('company', 'flow', 'user'), name).map(([of, to]) => `{{global.${of}.variables.${to}}}`),
  id.map((to) => `{{local.${to}.payload.output.x}}`),
)
/** An identity provider button, as a page describes it: in JSON, and once more in base64. */
const button = fc.tuple(hex, uuid, fc.string()).map(([idpConnector, identityProviderId, label]) => {
  const options = { idpConnector, identityProviderId, populationId: '', label }
  const written = `skcomponent "skIDP"  idpConnector="${idpConnector}" label="ü"${JSON.stringify({ options })}`
  const data = `[[[skcomponent###${Buffer.from(written, 'utf8').toString('base64')}]]]`
  return JSON.stringify([
    { children: [{ type: 'link', data, component: 'skIDP', options, children: [{ text: 'skIDP' }] }] },
  ])
})
const text = fc.oneof(
  button,
  fc.string(),
  expression,
  fc.tuple(expression, fc.string()).map(([to, words]) => richText(to, words)),
  fc
    .tuple(fc.string(), uuid)
    .map(([words, to]) => `${words.replaceAll('{', '')} https://api.pingone.com/v1/environments/${to}/x`),
)

const unknownValue = fc.jsonValue({ maxDepth: 2 }) as fc.Arbitrary<Json>
/** Fields that nobody knows yet. */
export const unknownFields: fc.Arbitrary<JsonObject> = fc.dictionary(
  fc.string({ minLength: 1, maxLength: 5 }).map((key) => `unknown ${key}`),
  unknownValue,
  { maxKeys: 2 },
)

const wrapped = (value: fc.Arbitrary<Json>): fc.Arbitrary<Json> =>
  fc.tuple(unknownFields, value).map(([more, inner]): Json => ({ ...more, value: inner }))

const properties: fc.Arbitrary<JsonObject> = fc
  .record(
    {
      subFlowId: wrapped(fc.record({ label: fc.string(), value: hex })),
      nodeInstanceId: wrapped(id),
      sktemplate: wrapped(hex),
      idpList: fc.array(hex, { maxLength: 2 }).map(
        (ids): Json => ({
          constructType: 'skConnectorList',
          value: ids.map((connectionId) => ({ connectionId, connectorId: 'pingOneAuthenticationConnector' })),
        }),
      ),
      externalIdentityProvider: fc.dictionary(
        hex,
        fc
          .record({ identityProviderId: uuid, populationId: uuid })
          .map((provider): Json => ({ identityProvider: [provider] })),
        { maxKeys: 2 },
      ),
      saveVariables: wrapped(
        fc.array(
          fc
            .tuple(name, context, text, unknownFields)
            .map(([to, of, value, more]): Json => ({ ...more, name: to, value, label: `${to} (string - ${of})` })),
          { maxLength: 2 },
        ),
      ),
      claimsNameValuePairs: wrapped(
        fc.array(
          fc.tuple(name, context).map(([to, of]): Json => ({ name: to, label: `${to} (string - ${of})` })),
          { maxLength: 2 },
        ),
      ),
      populationId: wrapped(fc.oneof(uuid, uuid.map(plainRichText), fc.constant('usePopulationId'))),
      applicationIds: wrapped(fc.array(uuid, { maxLength: 2 })),
      customHTML: wrapped(text),
      body: text,
    },
    { requiredKeys: [] },
  )
  .map((known): JsonObject => known)

const connector = fc.constantFrom('flowConnector', 'httpConnector', 'variablesConnector', 'pingOneSSOConnector')

const node: fc.Arbitrary<JsonObject> = fc
  .tuple(hex, connector, properties, unknownFields, unknownFields, fc.boolean(), fc.integer(), id)
  .map(([connectionId, connectorId, known, inData, beside, isDisabled, x, idUnique]) => ({
    ...beside,
    data: {
      ...inData,
      id: '',
      nodeType: 'CONNECTION',
      connectionId,
      connectorId,
      name: connectorId,
      label: connectorId,
      isDisabled,
      idUnique,
      properties: known,
    },
    position: { x, y: 1.000_000_000_000_01 },
    group: 'nodes',
    removed: false,
    selected: false,
    classes: '',
  }))

const evaluation: fc.Arbitrary<JsonObject> = fc
  .tuple(
    fc.dictionary(
      id,
      fc.constant('always').map((value) => ({ value })),
      { maxKeys: 2 },
    ),
    unknownFields,
  )
  .map(([known, beside]) => ({ ...beside, data: { id: '', nodeType: 'EVAL', properties: known } }))

/** A flow as PingOne could answer it, with fields that nobody knows yet at every depth. */
export const anyFlow: fc.Arbitrary<JsonObject> = fc
  .tuple(
    fc.array(fc.oneof({ arbitrary: node, weight: 3 }, evaluation), { maxLength: 5 }),
    fc.array(fc.tuple(fc.nat(), fc.nat(), unknownFields), { maxLength: 5 }),
    fc.record(
      {
        description: fc.oneof(fc.string(), fc.constant(null)),
        settings: fc.oneof(
          fc.constant(null),
          fc.tuple(unknownFields, fc.constantFrom<Json>('true', false, '12', '', {}, 4)).map(
            ([more, value]): JsonObject => ({
              ...more,
              useCsp: value,
              css: value,
              jsLinks: ['https://x/a.js', { label: 'l', value: 'https://x/b.js', defer: false }],
            }),
          ),
        ),
        inputSchema: fc.array(
          fc
            .tuple(name, unknownFields)
            .map(([propertyName, more]): Json => ({ ...more, propertyName, description: '' })),
          { maxLength: 3 },
        ),
        outputSchema: fc.constantFrom<Json>(
          null,
          {},
          { output: { type: 'object', properties: {}, additionalProperties: true } },
        ),
        trigger: fc.constantFrom<Json>({}, { type: 'AUTHENTICATION' }, { type: 'SCHEDULE' }),
        enabled: fc.boolean(),
      },
      { requiredKeys: [] },
    ),
    unknownFields,
    unknownFields,
  )
  .map(([nodes, lines, parts, more, inGraph]): JsonObject => {
    const named = nodes.map((item, index) => ({ ...item, data: { ...(item.data as JsonObject), id: `node${index}` } }))
    const end = (index: number) => `node${index % (nodes.length + 1)}` // one of them may dangle
    const edges = lines.map(([from, to, beside], index) => ({
      ...beside,
      data: { id: `edge${index}`, source: end(from), target: end(to) },
      position: { x: 0, y: 0 },
    }))
    return {
      ...more,
      id: 'f1',
      name: 'Sign on',
      createdAt: '2026-01-01T00:00:00.000Z',
      ...parts,
      graphData: { ...inGraph, elements: { nodes: named, edges }, zoom: 1, pan: { x: 0, y: 0 } },
    }
  })
