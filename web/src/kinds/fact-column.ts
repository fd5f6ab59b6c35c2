import type { Shapes } from '../api/client.ts'
import type { KindColumn, Side } from './kind-view.ts'
import { textAt } from './read-content.ts'

/** A column that shows one of the facts the server tells of a row. */
export function factColumn(fact: string, header: string, width: number): KindColumn {
  return { id: fact, header, width, value: (row) => (row.source ?? row.destination)?.facts?.[fact] ?? '' }
}

/** The side of an artifact that has nothing but dates and facts. */
export function plainSide(artifact: Shapes['Artifact'], facts: Record<string, string> = {}): Side {
  const updatedAt = textAt(artifact.content, 'updatedAt') || textAt(artifact.content, 'createdAt')
  return { id: artifact.id, name: artifact.name, ...(updatedAt ? { updatedAt } : {}), facts }
}
