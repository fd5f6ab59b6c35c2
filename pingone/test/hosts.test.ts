import { describe, expect, it } from 'vitest'
import { refusedAddress } from '../src/hosts.ts'

describe('an address that a name leads to', () => {
  it.each([
    '10.1.2.3',
    '100.64.0.1',
    '127.0.0.1',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '169.254.169.254',
    '0.0.0.0',
    '224.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    'fd00::1',
    'fe80::1',
    'ff02::1',
    '::ffff:127.0.0.1',
    '::ffff:7f00:1',
    '::ffff:a9fe:a9fe',
    '::127.0.0.1',
    '64:ff9b::a9fe:a9fe',
    '2002:7f00:1::',
  ])('%s is refused', (address) => {
    expect(refusedAddress(address, false)).toMatch(/^it /)
  })

  it.each(['8.8.8.8', '172.32.0.1', '100.128.0.1', '::ffff:8.8.8.8', '2606:4700::1111', '64:ff9b::808:808'])(
    '%s is fine',
    (address) => {
      expect(refusedAddress(address, false)).toBeUndefined()
    },
  )

  it('may be private where that is allowed, but never link-local', () => {
    expect(refusedAddress('10.1.2.3', true)).toBeUndefined()
    expect(refusedAddress('169.254.169.254', true)).toMatch(/link-local/)
    expect(refusedAddress('::ffff:169.254.169.254', true)).toMatch(/link-local/)
  })
})
