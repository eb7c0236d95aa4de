import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import { failure } from '../domain/errors.ts'
import { toProblem } from './error-reply.ts'

/** Status, what is wrong and what to do, by the code of Node’s parser; everything else is not HTTP. */
const UNREADABLE: Readonly<Record<string, readonly [number, string, string]>> = {
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'the request did not arrive in time', 'send it whole within 5 seconds'],
  HPE_HEADER_OVERFLOW: [431, 'URL and headers are longer than 16 KiB', 'send shorter ones'],
  HPE_CHUNK_EXTENSIONS_OVERFLOW: [413, 'the chunk extensions are too long', 'leave them out'],
}

/** Answers what never became a request, in the form of every other failure, and ends the connection. */
export function answerUnreadable(error: Error & { readonly code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return
  const [status, what, remedy] = UNREADABLE[error.code ?? ''] ?? [
    400,
    'this is not a request that can be read',
    'send HTTP/1.1',
  ]
  const body = JSON.stringify({ ...toProblem(failure('bad_http', 'request', what, remedy)), status })
  if (socket.writable) {
    socket.write(
      [
        `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
        'Content-Type: application/problem+json; charset=utf-8',
        'Cache-Control: no-store',
        `Content-Length: ${Buffer.byteLength(body)}`,
        'Connection: close',
        '',
        body,
      ].join('\r\n'),
    )
  }
  socket.destroy(error)
}
