import type { Json, JsonObject } from '@flightiq/core'

/** Numbers from 0 to 1, the same in every run. */
export function numbersFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296
    return state / 4_294_967_296
  }
}

const connectors = [
  ['httpConnector', 'Http', 'customHTMLTemplate'],
  ['functionsConnector', 'Functions', 'customFunction'],
  ['variablesConnector', 'Variables', 'saveValue'],
  ['pingOneSSOConnector', 'PingOne', 'userLookup'],
  ['pingOneMfaConnector', 'PingOne MFA', 'createDeviceAuthentication'],
  ['errorConnector', 'Error Message', 'customErrorMessage'],
  ['nodeConnector', 'Node', 'goToNode'],
  ['flowConnector', 'Flow Conductor', 'startUiSubFlow'],
  ['notificationsConnector', 'Notifications', 'sendEmail'],
  ['pingOneRiskConnector', 'PingOne Protect', 'createRiskEvaluation'],
] as const

/** Instances of each connector in an environment: half of them have the same id in every environment. */
export function instancesOf(environment: string): JsonObject[] {
  return connectors.map(([connector, name], index) => ({
    id: instanceId(index, environment),
    name,
    connector: { id: connector },
    environment: { id: environment },
    properties: {},
  }))
}

function instanceId(index: number, environment: string): string {
  return hex(index % 2 === 0 ? `instance ${index}` : `instance ${index} ${environment}`)
}

/** A flow of that many nodes as PingOne answers it, the same in every environment but for ids and dates. */
export function flowOf(index: number, nodes: number, environment: string, flows: number): JsonObject {
  const random = numbersFrom(index + 1)
  // Every tenth flow carries pages of real size.
  const pageLength = index % 10 === 0 ? 40_000 : 300
  const ids = Array.from({ length: nodes }, () => shortId(random))
  const elements: JsonObject[] = ids.map((id, at) => nodeOf(id, at, { ids, random, environment, flows, pageLength }))
  const lines = ids.slice(1).map((target, at) => ({ source: ids[at] ?? '', target }))
  return {
    _links: {
      self: { href: `https://api.pingone.com/v1/environments/${environment}/flows/${flowId(index, environment)}` },
    },
    id: flowId(index, environment),
    environment: { id: environment },
    name: `Journey ${index}`,
    description: `Journey number ${index}`,
    color: '#AFD5FF',
    enabled: true,
    createdAt: '2026-01-02T03:04:05.678Z',
    updatedAt: environment.startsWith('a') ? '2026-02-02T03:04:05.678Z' : '2026-03-02T03:04:05.678Z',
    currentVersion: environment.startsWith('a') ? 12 : 3,
    connectors: connectors.map(([id]) => ({ id })),
    settings: {
      csp: "worker-src 'self' blob:; script-src 'self' 'unsafe-inline'",
      logLevel: 2,
      useCustomCSS: true,
      css: page(random, 600),
    },
    inputSchema: [
      {
        propertyName: 'userId',
        preferredDataType: 'string',
        preferredControlType: 'textField',
        isExpanded: true,
        description: '',
      },
    ],
    graphData: {
      elements: { nodes: elements, edges: lines.map(({ source, target }) => edgeOf(shortId(random), source, target)) },
      data: {},
      zoomingEnabled: true,
      userZoomingEnabled: true,
      zoom: 1,
      minZoom: 1e-50,
      maxZoom: 1e50,
      panningEnabled: true,
      userPanningEnabled: true,
      pan: { x: 0, y: 0 },
      boxSelectionEnabled: true,
      renderer: { name: 'null' },
    },
  }
}

interface NodeParts {
  ids: readonly string[]
  random: () => number
  environment: string
  flows: number
  pageLength: number
}

function nodeOf(id: string, at: number, parts: NodeParts): JsonObject {
  const position = { x: parts.random() * 5000, y: parts.random() * 5000 }
  const cues = {
    position,
    group: 'nodes',
    removed: false,
    selected: false,
    selectable: true,
    locked: false,
    grabbable: true,
    pannable: false,
    classes: '',
  }
  if (at % 3 === 1) {
    const next = parts.ids[at + 1] ?? id
    return { data: { id, nodeType: 'EVAL', properties: { [next]: { value: 'anyTriggersFalse' } } }, ...cues }
  }
  if (at % 7 === 6) {
    const properties = {
      annotation: { value: page(parts.random, 80) },
      annotationTextColor: { value: '#000000' },
      backgroundColor: { value: '#f2f3f4ff' },
      cornerRadius: { value: '5px' },
      width: { value: 320 },
    }
    return {
      data: {
        id,
        nodeType: 'ANNOTATION',
        connectionId: hex('annotation'),
        connectorId: 'annotationConnector',
        name: 'Annotation',
        label: 'Annotation',
        capabilityName: 'updateAnnotationProperties',
        type: 'action',
        status: 'configured',
        idUnique: shortId(parts.random),
        properties,
      },
      ...cues,
    }
  }
  const which = Math.floor(parts.random() * connectors.length)
  const [connectorId, name, capabilityName] = connectors[which] ?? connectors[0]
  const properties = propertiesOf(capabilityName, at, parts)
  return {
    data: {
      id,
      nodeType: 'CONNECTION',
      connectionId: instanceId(which, parts.environment),
      connectorId,
      name,
      label: name,
      status: 'configured',
      capabilityName,
      type: 'action',
      idUnique: shortId(parts.random),
      properties,
    },
    ...cues,
  }
}

function propertiesOf(
  capability: string,
  at: number,
  { ids, random, environment, flows, pageLength }: NodeParts,
): JsonObject {
  const earlier = () => ids[Math.floor(random() * Math.max(at, 1))] ?? ''
  const link = () => ({ value: slate(`{{local.${earlier()}.payload.output.userId}}`) })
  const title = { nodeTitle: { value: `Step ${at}` }, nodeDescription: { value: page(random, 20) } }
  switch (capability) {
    case 'customHTMLTemplate':
      return {
        ...title,
        customHTML: { value: page(random, pageLength) },
        customCSS: { value: page(random, 100) },
        customScript: { value: '' },
        userId: link(),
      }
    case 'customFunction':
      return {
        ...title,
        code: { value: page(random, 300) },
        variableInputList: { value: [{ name: 'x', preferredDataType: 'string', ...link() }] },
        outputSchema: { value: '{\n\t"output": {\n\t\t"type": "object"\n\t}\n}' },
      }
    case 'saveValue':
      return {
        ...title,
        saveVariables: {
          value: [1].map((n) => ({
            name: `variable${n}`,
            ...link(),
            key: random(),
            label: `variable${n} (string - flowInstance)`,
            type: 'string',
          })),
        },
      }
    case 'goToNode':
      return { ...title, nodeInstanceId: { value: earlier() }, userId: link(), email: link() }
    case 'startUiSubFlow': {
      const other = Math.floor(random() * flows)
      return {
        ...title,
        subFlowId: { value: { label: `Journey ${other}`, value: flowId(other, environment) } },
        subFlowVersionId: { value: -1 },
        userId: link(),
        flowType: link(),
      }
    }
    default:
      return {
        ...title,
        identifier: link(),
        matchAttribute: { value: 'id' },
        company: { value: '{{global.company.variables.companyName}}' },
      }
  }
}

function edgeOf(id: string, source: string, target: string): JsonObject {
  return {
    data: { id, source, target },
    position: { x: 0, y: 0 },
    group: 'edges',
    removed: false,
    selected: false,
    selectable: true,
    locked: false,
    grabbable: true,
    pannable: true,
    classes: '',
  }
}

function slate(expression: string): string {
  const link: Json = {
    type: 'link',
    src: 'variable.svg',
    url: 'userId',
    data: expression,
    tooltip: expression,
    children: [{ text: 'userId' }],
  }
  return JSON.stringify([{ children: [{ text: '' }, link] }], null, 2)
}

const words =
  '<div class="form"> <p>Please sign on to continue</p>\n</div> {{#if username}} {{/if}} const value = "text";'.split(
    ' ',
  )

function page(random: () => number, length: number): string {
  let text = ''
  while (text.length < length) text += `${words[Math.floor(random() * words.length)]} `
  return text
}

export function flowId(index: number, environment: string): string {
  return hex(`flow ${index} ${environment}`)
}

function shortId(random: () => number): string {
  return Array.from({ length: 10 }, () => '0123456789abcdefghijklmnopqrstuvwxyz'[Math.floor(random() * 36)]).join('')
}

/** 32 hexadecimal digits that stand for a text. */
function hex(text: string): string {
  const random = numbersFrom([...text].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 4_294_967_296, 7))
  return Array.from({ length: 32 }, () => Math.floor(random() * 16).toString(16)).join('')
}
