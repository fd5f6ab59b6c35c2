import { kindNames, kindOf } from '@flightiq/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

const content = fc.dictionary(fc.string(), fc.jsonValue()) as fc.Arbitrary<Record<string, never>>

describe('every kind', () => {
  it.each(kindNames)('%s: normalising twice is normalising once', (name) => {
    const kind = kindOf(name)
    fc.assert(
      fc.property(content, (any) => {
        const once = kind.normalise(any)
        expect(kind.normalise(once)).toEqual(once)
      }),
      { numRuns: 50 },
    )
  })

  it.each(kindNames)('%s: compared with itself has no difference', (name) => {
    const kind = kindOf(name)
    fc.assert(
      fc.property(content, (any) => {
        expect(kind.compare(kind.normalise(any), kind.normalise(structuredClone(any)))).toEqual([])
      }),
      { numRuns: 50 },
    )
  })

  it.each(kindNames.filter((name) => kindOf(name).writable))('%s: fields nobody knows are sent', (name) => {
    const sent = kindOf(name).toRequest({ id: 'a', name: 'b', newlyInvented: { deep: [1, { er: true }] } })
    expect(sent.newlyInvented).toEqual({ deep: [1, { er: true }] })
    expect(sent.id).toBeUndefined()
  })
})

describe('a connector instance', () => {
  const kind = kindOf('connectorInstance')
  const instance = (properties: Record<string, never> | object) => ({
    id: '867ed4363b2bc21c860085ad2baa817d',
    name: 'Mail',
    connector: { id: 'smtpConnector' },
    environment: { id: 'd1e2' },
    properties: properties as never,
  })

  it('equals another one whose secrets are set as well, however long their masks are', () => {
    const left = kind.normalise(instance({ password: { value: '******' } }))
    const right = kind.normalise({ ...instance({ password: { value: '********' } }), id: 'other', updatedAt: 'now' })
    expect(kind.compare(left, right)).toEqual([])
  })

  it('differs from one whose secret is not set', () => {
    const left = kind.normalise(instance({ password: { value: '******' } }))
    const [difference] = kind.compare(left, kind.normalise(instance({})))
    expect(difference).toMatchObject({ section: 'property', id: 'password', change: 'added' })
  })

  it('is created without masked values, and says which a person must fill in', () => {
    const content = instance({
      host: { value: 'mail.example' },
      customAuth: { properties: { token: { value: '******' } } },
    })
    expect(JSON.stringify(kind.toRequest(content))).not.toContain('*')
    expect(kind.toRequest(content).properties).toEqual({ host: { value: 'mail.example' } })
    expect(kind.followUp?.(content)).toEqual(['Fill in Token (customAuth.token): PingOne never shows it.'])
  })

  it('means its own environment where a property holds that id, and the other one after rewriting', () => {
    const content = instance({ envId: { value: 'd1e2' }, note: { value: 'about d1e2' } })
    const rewritten = kind.rewrite(content, (reference) => (reference.kind === 'environment' ? 'f3' : undefined))
    expect(rewritten.properties).toEqual({ envId: { value: 'f3' }, note: { value: 'about d1e2' } })
  })
})

describe('a variable', () => {
  const kind = kindOf('variable')
  const variable = (more: object) =>
    ({ name: 'v', context: 'company', dataType: 'string', mutable: true, ...more }) as never

  it.each([
    ['a number and its text', { dataType: 'number', value: 5 }, { dataType: 'number', value: '5' }],
    ['a boolean and its text', { dataType: 'boolean', value: false }, { dataType: 'boolean', value: 'false' }],
    ['an object and its JSON', { dataType: 'object', value: { a: 1 } }, { dataType: 'object', value: '{ "a": 1 }' }],
    ['no value and an empty one', {}, { value: '' }],
    ['default bounds and none', { min: 0, max: 2000.0 }, {}],
    ['two secrets', { dataType: 'secret', value: '******' }, { dataType: 'secret' }],
  ])('means the same with %s', (_what, left, right) => {
    expect(kind.compare(kind.normalise(variable(left)), kind.normalise(variable(right)))).toEqual([])
  })

  it('differs when its type or its value does', () => {
    const differences = kind.compare(
      kind.normalise(variable({ value: 'a' })),
      kind.normalise(variable({ value: 'b', dataType: 'object' })),
    )
    expect(differences.map((difference) => difference.id).sort()).toEqual(['dataType', 'value'])
  })

  it('is sent with false and 0 as text, which the API would otherwise lose', () => {
    expect(kind.toRequest(variable({ dataType: 'boolean', value: false })).value).toBe('false')
    expect(kind.toRequest(variable({ dataType: 'number', value: 0 })).value).toBe('0')
  })

  it('never carries a secret value, on screens or in requests', () => {
    const secret = variable({ dataType: 'secret', value: 'told by mistake' })
    expect(JSON.stringify([kind.redact(secret), kind.toRequest(secret), kind.facts?.(secret)])).not.toContain('mistake')
  })
})

describe('an application', () => {
  it('hides the key and the client secret that PingOne returns in clear', () => {
    const kind = kindOf('application')
    const content = {
      id: 'a',
      name: 'App',
      apiKey: { enabled: true, value: 'k-1' },
      oauth: { clientSecret: 's-1', scopes: ['openid'] },
    }
    for (const shown of [kind.redact(content), kind.normalise(content), kind.toRequest(content)]) {
      expect(JSON.stringify(shown)).not.toMatch(/k-1|s-1/)
      expect(shown).toMatchObject({ apiKey: { enabled: true }, oauth: { scopes: ['openid'] } })
    }
  })
})

describe('a flow policy', () => {
  const kind = kindOf('flowPolicy')
  const policy = (version: number) => ({
    name: 'Default',
    application: { id: 'app' },
    flowDistributions: [{ id: 'f1', version, weight: 100 }],
  })

  it('means the same whichever number the pinned version has', () => {
    expect(kind.compare(kind.normalise(policy(3)), kind.normalise(policy(11)))).toEqual([])
  })

  it('means the same with and without the trigger and status that PingOne fills in', () => {
    const part = { enabled: false, time: 0, timeFormat: 'min' }
    const filled = {
      ...policy(-1),
      status: 'enabled',
      trigger: { type: 'AUTHENTICATION', configuration: { mfa: part, pwd: part } },
    }
    expect(kind.compare(kind.normalise(policy(-1)), kind.normalise(filled))).toEqual([])
    const strict = {
      ...filled,
      trigger: { ...filled.trigger, configuration: { mfa: { ...part, enabled: true, time: 5 } } },
    }
    expect(kind.compare(kind.normalise(filled), kind.normalise(strict))).toHaveLength(1)
  })

  it('differs between a pinned version and the latest, which a write would not mend', () => {
    const [difference] = kind.compare(kind.normalise(policy(3)), kind.normalise(policy(-1)))
    expect(difference && kind.mendable?.(difference)).toBe(false)
  })

  it('is rewritten to the application and flows of the other environment', () => {
    const rewritten = kind.rewrite(policy(-1), ({ target }) => ({ app: 'app2', f1: 'g1' })[target])
    expect(rewritten).toMatchObject({ application: { id: 'app2' }, flowDistributions: [{ id: 'g1', weight: 100 }] })
  })
})
