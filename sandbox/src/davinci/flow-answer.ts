import { isObject, type Json, type JsonObject, stringAt } from '@flightiq/core'
import type { FastifyRequest } from 'fastify'
import { environmentOf } from '../context.ts'
import { linksFrom } from '../links.ts'
import type { Flow, FlowVersion } from '../state/records.ts'
import { connectorsOf, flowReferences } from './flow-references.ts'
import { findingCounts, findings, graphWithFindings } from './lint.ts'

/** The fields that every answer has, whichever were asked for: strict clients need them. */
const always = ['_links', 'environment', 'id', 'name']

/** How much of a flow is answered. */
export interface FlowAnswerOptions {
  /** Top-level fields, as the query parameter `attributes` lists them. */
  attributes?: readonly string[]
  /** Leaves the graph out, as lists do. */
  withoutGraph?: boolean
}

/** A flow as the API answers it. */
export function flowAnswer(request: FastifyRequest, flow: Flow, options: FlowAnswerOptions = {}): JsonObject {
  const environment = environmentOf(request)
  const { content } = environment.currentVersion(flow)
  const all = findings(content, flow.id, environment)
  const { graphData, ...rest } = content
  const answer: JsonObject = {
    _links: flowLinks(request, flow) as unknown as JsonObject,
    environment: { id: environment.id },
    id: flow.id,
    ...rest,
    connectors: connectorsOf(content).map((id) => ({ id })),
    enabled: flow.enabled,
    currentVersion: flow.currentVersion,
    ...(flow.publishedVersion === undefined ? {} : { publishedVersion: flow.publishedVersion }),
    createdAt: flow.createdAt,
    updatedAt: flow.updatedAt,
    ...(flow.deployedAt ? { deployedAt: flow.deployedAt } : {}),
    ...findingCounts(all),
    ...(isObject(graphData) && !options.withoutGraph ? { graphData: graphWithFindings(graphData, all) } : {}),
  }
  const { attributes } = options
  if (!attributes) return answer
  const kept = new Set([...always, ...attributes])
  return Object.fromEntries(Object.entries(answer).filter(([key]) => kept.has(key)))
}

function flowLinks(request: FastifyRequest, flow: Flow) {
  const link = linksFrom(request, environmentOf(request).id)
  const self = link('flows', flow.id)
  return {
    environment: link(),
    self,
    connectorInstances: link('connectorInstances'),
    connectors: link('connectors'),
    'flow.deploy': self,
    'flow.clone': self,
    'flow.validate': self,
    'flow.enabled': link('flows', flow.id, 'enabled'),
    version: link('flows', flow.id, 'versions', flow.currentVersion),
  }
}

/** The links that lead from a version. */
function versionLinks(request: FastifyRequest, flow: Flow, { version }: FlowVersion) {
  const link = linksFrom(request, environmentOf(request).id)
  const self = link('flows', flow.id, 'versions', version)
  return {
    environment: link(),
    self,
    details: link('flows', flow.id, 'versions', version, 'details'),
    'flow.export': self,
    'flow.revert': self,
  }
}

/** What is said of a version in every form of it. */
function versionFacts(flow: Flow, version: FlowVersion): JsonObject {
  return {
    flow: { id: flow.id, name: stringAt(version.content, 'name') ?? '' },
    version: version.version,
    ...(version.alias ? { alias: version.alias } : {}),
    ...(version.clonedFrom === undefined ? {} : { clonedFrom: version.clonedFrom }),
    createdAt: version.createdAt,
    updatedAt: version.updatedAt,
    ...(version.deployedAt ? { deployedAt: version.deployedAt } : {}),
  }
}

/** A version as lists and reads of it give it: without the graph. */
export function versionAnswer(request: FastifyRequest, flow: Flow, version: FlowVersion): JsonObject {
  return {
    _links: versionLinks(request, flow, version) as unknown as JsonObject,
    environment: { id: environmentOf(request).id },
    ...versionFacts(flow, version),
  }
}

/** A version with its content, and with links to the connector instances and variables its nodes use. */
export function versionDetailAnswer(request: FastifyRequest, flow: Flow, version: FlowVersion): JsonObject {
  return {
    _links: {
      ...(versionLinks(request, flow, version) as unknown as JsonObject),
      ...(referenceLinks(request, version) as unknown as JsonObject),
    },
    environment: { id: environmentOf(request).id },
    ...versionContent(version),
    ...versionFacts(flow, version),
    enabled: flow.enabled,
    connectors: connectorsOf(version.content).map((id) => ({ id })),
  }
}

/** A version as it is exported, without what belongs to the export as a whole. */
export function versionExportAnswer(request: FastifyRequest, flow: Flow, version: FlowVersion): JsonObject {
  const { environment, self } = versionLinks(request, flow, version)
  return {
    _links: { environment, self } as unknown as JsonObject,
    environment: { id: environmentOf(request).id },
    ...versionContent(version),
    ...versionFacts(flow, version),
    enabled: flow.enabled,
    connectors: connectorsOf(version.content).map((id) => ({ id })),
    // Required in the description, and there is none before the first deployment: -1 then says "none".
    publishedVersion: flow.publishedVersion ?? -1,
  }
}

/** The links and facts of an import's answer. */
export function flowImportAnswer(request: FastifyRequest, flow: Flow): JsonObject {
  const version = environmentOf(request).currentVersion(flow)
  const link = linksFrom(request, environmentOf(request).id)
  const { version: _version, ...links } = flowLinks(request, flow)
  return {
    ...versionExportAnswer(request, flow, version),
    _links: {
      ...links,
      'flow.export': link('flows', flow.id, 'versions', version.version),
    } as unknown as JsonObject,
  }
}

/** The name stands in `flow.name`; the rest of the content is as it was written. */
function versionContent({ content }: FlowVersion): JsonObject {
  const { name: _name, ...rest } = content
  return rest
}

function referenceLinks(request: FastifyRequest, version: FlowVersion): Record<string, Json> {
  const environment = environmentOf(request)
  const link = linksFrom(request, environment.id)
  const byName = new Map([...environment.variables.values()].map(({ id, content }) => [content.name, id]))
  const links: Record<string, Json> = {}
  for (const { nodeId, connectionId, variables } of flowReferences(version.content)) {
    if (connectionId && environment.connectorInstances.has(connectionId)) {
      links[`connectorInstances.${nodeId}`] = { ...link('connectorInstances', connectionId) }
    }
    const ids = variables.flatMap((name) => byName.get(name) ?? [])
    ids.forEach((id, index) => {
      links[`variables.${nodeId}.${index}`] = { ...link('variables', id) }
    })
  }
  return links
}
