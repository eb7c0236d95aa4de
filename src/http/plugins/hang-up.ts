import type { FastifyInstance } from 'fastify'

/** Once closing has begun, every answer ends its connection: one that is kept alive would hold the end up. */
export function hangUpWhenClosing(app: FastifyInstance): void {
  let closing = false
  app.addHook('preClose', (done) => {
    closing = true
    done()
  })
  app.addHook('onSend', (_, reply, __, done) => {
    if (closing) void reply.header('connection', 'close')
    done()
  })
}
