import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createPingOneClient } from '../src/index.ts'
import { clientId, clientSecret, environmentId, json, list } from './tiny-server.ts'

/** A key and a certificate for localhost that nobody trusts, or undefined where openssl is missing. */
function makeCertificate(): { key: string; cert: string } | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'flightiq-tls-'))
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')]
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost']
  const command = [
    'req',
    '-x509',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-days',
    '1',
    '-keyout',
    key,
    '-out',
    cert,
    ...subject,
  ]
  try {
    execFileSync('openssl', command, { stdio: 'ignore' })
    return { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') }
  } catch {
    console.warn('Skipped: openssl is missing, so tests of TLS do not run.')
    return undefined
  } finally {
    rmSync(folder, { recursive: true })
  }
}

const certificate = makeCertificate()

describe.skipIf(certificate === undefined)('a connection by TLS', () => {
  let server: Server
  let url: string
  let asked = 0

  beforeAll(async () => {
    server = createServer(certificate!, (request, response) => {
      asked += 1
      if (request.url?.endsWith('/as/token')) json(response, 200, { access_token: 't', expires_in: 3600 })
      else json(response, 200, list('flows', [{ id: 'f1' }]))
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    url = `https://localhost:${(server.address() as AddressInfo).port}`
  })
  afterAll(() => {
    server.closeAllConnections()
    server.close()
  })

  const newClient = () =>
    createPingOneClient({
      hosts: { authUrl: url, apiUrl: url },
      ...{ environmentId, clientId, clientSecret },
      retry: { tries: 1 },
    })

  it('is refused with a certificate that nobody trusts, before the secret is sent', async () => {
    const client = newClient()
    await expect(client.flows.list(environmentId)).rejects.toMatchObject({ code: 'UNREACHABLE', mayHaveArrived: false })
    expect(asked).toBe(0)
    client.close()
  })

  it('stands with a trusted certificate', async () => {
    const usual = getCACertificates('default')
    setDefaultCACertificates([...usual, certificate!.cert])
    const client = newClient()
    expect(await client.flows.list(environmentId)).toEqual([{ id: 'f1' }])
    client.close()
    setDefaultCACertificates(usual)
  })
})
