import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { notFoundAnswer, pathOf } from './errors.ts'
import { pagePolicy } from './protection.ts'

/** Serves the built web app; its own addresses (no file, not the API) get its first page. */
export async function registerWebApp(app: FastifyInstance, webFolder: string | undefined): Promise<void> {
  const root = webFolder === undefined ? undefined : resolve(webFolder)
  const page = root !== undefined && existsSync(join(root, 'index.html')) ? join(root, 'index.html') : undefined
  if (root !== undefined && page !== undefined) {
    await app.register(fastifyStatic, {
      root,
      wildcard: false,
      index: false,
      globIgnore: ['index.html'],
      // The names of built assets carry a hash of their content; the first page names the current ones.
      setHeaders: (reply, path) => {
        const forEver = path.includes('/assets/')
        reply.header('Cache-Control', forEver ? 'public, max-age=31536000, immutable' : 'no-cache')
      },
    })
  }
  app.setNotFoundHandler(async (request, reply) => {
    const path = pathOf(request.url)
    const reads = request.method === 'GET' || request.method === 'HEAD'
    const ofApp = reads && !path.startsWith('/api/') && !/\.[a-z0-9]+$/i.test(path)
    if (ofApp && page !== undefined) return sendPage(reply, await readFile(page, 'utf8'))
    if (ofApp && path === '/')
      return reply
        .type('text/plain')
        .send('FlightIQ serves its API under /api. The web app is not built: npm run build\n')
    return notFoundAnswer(request, reply)
  })
}

/** Sends the page with a number of its own, by which it marks the styles that it makes. */
function sendPage(reply: FastifyReply, page: string): FastifyReply {
  const nonce = randomBytes(16).toString('base64')
  return reply
    .type('text/html; charset=utf-8')
    .header('Content-Security-Policy', pagePolicy(nonce))
    .send(page.replace('<head>', `<head>\n    <meta name="style-nonce" content="${nonce}" />`))
}
