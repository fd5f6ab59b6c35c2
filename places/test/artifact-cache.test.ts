import { describe, expect, it } from 'vitest'
import { type CacheKey, MemoryArtifactCache } from '../src/index.ts'

const key = (id: string, updatedAt = '1'): CacheKey => ({
  environmentId: 'e',
  kind: 'flow',
  id,
  updatedAt,
  version: '1',
})

describe('the cache in memory', () => {
  it('gives a content back only in the state it was kept in', () => {
    const cache = new MemoryArtifactCache()
    cache.set(key('f1', '1'), { name: 'old' })
    expect(cache.get(key('f1', '1'))).toEqual({ name: 'old' })
    expect(cache.get(key('f1', '2'))).toBeUndefined()
    cache.set(key('f1', '2'), { name: 'new' })
    expect(cache.get(key('f1', '1'))).toBeUndefined()
    expect(cache.get({ ...key('f1', '2'), environmentId: 'other' })).toBeUndefined()
  })

  it('drops what was not used for longest when it is full', () => {
    const content = { text: 'x'.repeat(88) }
    const cache = new MemoryArtifactCache(3 * JSON.stringify(content).length)
    for (const id of ['a', 'b', 'c']) cache.set(key(id), content)
    cache.get(key('a'))
    cache.set(key('d'), content)
    expect(['a', 'b', 'c', 'd'].filter((id) => cache.get(key(id)) !== undefined)).toEqual(['a', 'c', 'd'])
  })

  it('keeps nothing that is larger than all it may hold', () => {
    const cache = new MemoryArtifactCache(100)
    cache.set(key('small'), { a: 1 })
    cache.set(key('large'), { text: 'x'.repeat(200) })
    expect(cache.get(key('large'))).toBeUndefined()
    expect(cache.get(key('small'))).toEqual({ a: 1 })
  })
})
