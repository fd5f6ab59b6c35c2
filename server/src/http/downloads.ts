import { Readable } from 'node:stream'
import type { FastifyReply } from 'fastify'
import type { Download } from './handlers.ts'

/** Answers with a file to save. Browsers never show it as a page. */
export function sendDownload(reply: FastifyReply, { fileName, contentType, chunks }: Download): FastifyReply {
  return reply
    .type(contentType)
    .header('Content-Disposition', `attachment; filename="${fileName.replace(/[^\w.-]+/g, '-')}"`)
    .header('Cache-Control', 'no-store')
    .send(Readable.from(chunks))
}
