import { matchPlaces } from '@flightiq/core'
import { describe, expect, it } from 'vitest'
import { artifact, flow, instance, inventory, variable } from './builders.ts'

describe('matching two places', () => {
  it('prefers a saved mapping to an id, and an id to a name', () => {
    const source = inventory(instance('a', 'One'), instance('b', 'Two'), instance('c', 'Three'))
    const destination = inventory(instance('b', 'Other'), instance('x', 'One'), instance('y', 'Three'))
    const matching = matchPlaces(source, destination, [
      { kind: 'connectorInstance', sourceId: 'c', destinationId: 'x' },
    ])
    expect(matching.pairOf('connectorInstance', 'c')).toMatchObject({ basis: 'mapping', destination: { id: 'x' } })
    expect(matching.pairOf('connectorInstance', 'b')).toMatchObject({ basis: 'id', destination: { id: 'b' } })
    expect(matching.destinationId('connectorInstance', 'a')).toBeUndefined()
  })

  it('does not take the same name on another connector for the same instance', () => {
    const matching = matchPlaces(
      inventory(instance('a', 'Mail', 'smtpConnector')),
      inventory(instance('b', 'Mail', 'httpConnector')),
    )
    expect(matching.destinationId('connectorInstance', 'a')).toBeUndefined()
  })

  it('leaves two candidates of the same name open instead of guessing', () => {
    const matching = matchPlaces(
      inventory(instance('a', 'Mail')),
      inventory(instance('b', 'Mail'), instance('c', 'Mail')),
    )
    const pair = matching.pairOf('connectorInstance', 'a')
    expect(pair?.destination).toBeUndefined()
    expect(pair?.candidates?.map((candidate) => candidate.id)).toEqual(['b', 'c'])
  })

  it('takes the only two unconfigured instances of a connector for each other, but never configured ones', () => {
    const bare = matchPlaces(
      inventory(instance('a', 'Node', 'nodeConnector')),
      inventory(instance('b', 'Teleport', 'nodeConnector')),
    )
    expect(bare.pairOf('connectorInstance', 'a')).toMatchObject({ basis: 'onlyOne', destination: { id: 'b' } })
    const configured = matchPlaces(
      inventory(instance('a', 'Mail', 'smtpConnector', { host: { value: 'x' } })),
      inventory(instance('b', 'Post', 'smtpConnector', { host: { value: 'y' } })),
    )
    expect(configured.destinationId('connectorInstance', 'a')).toBeUndefined()
  })

  it('tells variables of the same name apart by context and by the flow they belong to', () => {
    const own = (id: string, flowId: string) => variable(id, 'retries', { context: 'flow', flow: { id: flowId } })
    const source = inventory(
      flow('f', 'Sign on'),
      flow('g', 'Recovery'),
      own('1', 'f'),
      own('2', 'g'),
      variable('3', 'retries'),
    )
    const destination = inventory(
      flow('m', 'Recovery'),
      flow('n', 'Sign on'),
      own('8', 'm'),
      own('9', 'n'),
      variable('7', 'retries'),
    )
    const matching = matchPlaces(source, destination)
    expect(['1', '2', '3'].map((id) => matching.destinationId('variable', id))).toEqual(['9', '8', '7'])
  })

  it('matches policies of the same name by their application', () => {
    const policy = (id: string, app: string) =>
      artifact('flowPolicy', { id, name: 'Default', application: { id: app } })
    const app = (id: string, name: string) => artifact('application', { id, name })
    const matching = matchPlaces(
      inventory(app('a', 'Web'), app('b', 'Mobile'), policy('p', 'a'), policy('q', 'b')),
      inventory(app('x', 'Mobile'), app('y', 'Web'), policy('r', 'x'), policy('s', 'y')),
    )
    expect(matching.destinationId('flowPolicy', 'p')).toBe('s')
    expect(matching.destinationId('flowPolicy', 'q')).toBe('r')
  })
})
