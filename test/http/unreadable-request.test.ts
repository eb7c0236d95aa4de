import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { problemSchema } from '../../src/http/schemas/problem.ts'
import { openShop, type Shop } from './open-shop.ts'

let shop: Shop
let port: number
beforeAll(async () => {
  shop = await openShop()
  port = Number(new URL(await shop.app.listen({ port: 0, host: '127.0.0.1' })).port)
})
afterAll(() => shop.close())

const HOST = 'Host: localhost\r\n'

/** Everything the server says until it, or after `patience` the caller, hangs up. */
function say(bytes: string | Buffer, patience = 10_000): Promise<string> {
  return new Promise((resolve) => {
    let heard = ''
    const socket = connect(port, '127.0.0.1')
    const timer = setTimeout(() => socket.destroy(), patience)
    socket.on('data', (data) => {
      heard += data
    })
    socket.on('error', () => {})
    socket.on('close', () => {
      clearTimeout(timer)
      resolve(heard)
    })
    socket.write(bytes)
  })
}

function problemIn(answer: string) {
  const [head, body] = answer.split('\r\n\r\n')
  expect(head).toMatch(/content-type: application\/problem\+json/i)
  expect(head).toMatch(/connection: close/i)
  expect(head).toContain(`Content-Length: ${Buffer.byteLength(body!)}`)
  return problemSchema.parse(JSON.parse(body!))
}

describe('what never becomes a request', () => {
  it.each([
    ['a header that is too long', `GET /livez HTTP/1.1\r\n${HOST}X-Long: ${'a'.repeat(20_000)}\r\n\r\n`, 431],
    ['a URL that is too long', `GET /v1/customers/${'a'.repeat(20_000)} HTTP/1.1\r\n${HOST}\r\n`, 431],
    ['another protocol', 'hello\r\n\r\n', 400],
    ['an unknown method', `BREW /livez HTTP/1.1\r\n${HOST}\r\n`, 400],
    ['line ends without CR', 'GET /livez HTTP/1.1\nHost: localhost\n\n', 400],
    ['a folded header', `GET /livez HTTP/1.1\r\n${HOST}X: a\r\n b\r\n\r\n`, 400],
    ['NUL in a header', `GET /livez HTTP/1.1\r\n${HOST}X: \0\r\n\r\n`, 400],
    ['bytes above ASCII in the path', `GET /v1/customers/ä HTTP/1.1\r\n${HOST}\r\n`, 400],
    [
      'two lengths',
      `POST /v1/decisions HTTP/1.1\r\n${HOST}Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}`,
      400,
    ],
    [
      'a length and chunks',
      `POST / HTTP/1.1\r\n${HOST}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n`,
      400,
    ],
    ['a broken chunk', `POST / HTTP/1.1\r\n${HOST}Transfer-Encoding: chunked\r\n\r\nzz\r\n`, 400],
    ['a negative length', `POST / HTTP/1.1\r\n${HOST}Content-Length: -1\r\n\r\n`, 400],
    ['a TLS handshake', Buffer.from('16030100a5010000a10303', 'hex'), 400],
  ])('is answered with a problem and hung up on: %s', async (_, bytes, status) => {
    const answers = (await say(bytes)).split(/(?=HTTP\/1\.1 )/)
    const problem = problemIn(answers.at(-1)!)
    expect([problem.status, problem.code]).toEqual([status, 'bad_http'])
    expect(answers.at(-1)).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
  })

  it('is ended when it comes too slowly: headers after 3 seconds, a body after 5', async () => {
    const started = performance.now()
    const [headers, body] = await Promise.all([
      say(`GET /livez HTTP/1.1\r\nHost: local`),
      say(
        `POST /v1/decisions HTTP/1.1\r\n${HOST}Content-Type: application/json\r\nContent-Length: 99\r\n\r\n{`,
      ),
    ])
    expect(problemIn(headers).status).toBe(408)
    expect(problemIn(body).status).toBe(408)
    expect(performance.now() - started).toBeLessThan(9_000)
  })

  it('disturbs nobody else, and pipelined requests are all answered in order', async () => {
    const ids = Array.from({ length: 100 }, (_, i) => `customer-${i}`)
    const requests = ids.map((id) => {
      const body = JSON.stringify({ attributes: { firstName: id } })
      const head = `PUT /v1/customers/${id} HTTP/1.1\r\n${HOST}Content-Type: application/json\r\n`
      return `${head}Content-Length: ${body.length}\r\n\r\n${body}`
    })
    const [answer] = await Promise.all([
      say(`${requests.join('')}GET /livez HTTP/1.1\r\n${HOST}Connection: close\r\n\r\n`),
      say('hello\r\n\r\n'),
    ])
    expect([...answer.matchAll(/"id":"(customer-\d+)"/g)].map((match) => match[1])).toEqual(ids)
  })

  it('does not take a request without Host for one of this machine', async () => {
    expect(await say('GET /livez HTTP/1.0\r\n\r\n')).toMatch(/^HTTP\/1.1 403 /)
    expect(await say('GET /livez HTTP/1.1\r\nHost:\r\nConnection: close\r\n\r\n')).toMatch(/^HTTP\/1.1 403 /)
    expect(await say('GET /livez HTTP/1.1\r\n\r\n')).toMatch(/^HTTP\/1.1 400 /)
  })
})
