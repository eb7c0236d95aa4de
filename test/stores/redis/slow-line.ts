import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'

export interface SlowLine {
  readonly port: number
  /** Milliseconds by which what Redis says is late. */
  delayMs: number
  /** From now on the connections that there are swallow everything, and say nothing; new ones are good. */
  swallow(): void
  /** Breaks all connections, whatever is under way. */
  cut(): void
  stop(): Promise<void>
}

/** A line to a local port that can be made slow, silent or broken. */
export const startSlowLine = async (to: number): Promise<SlowLine> => {
  const sockets = new Set<Socket>()
  const silent = new Set<Socket>()
  const server = createServer((near) => {
    const far = connect({ port: to, host: '127.0.0.1' })
    for (const socket of [near, far]) {
      sockets.add(socket)
      socket.setNoDelay(true)
      socket.on('error', () => {})
      socket.on('close', () => {
        sockets.delete(socket)
        silent.delete(socket)
        near.destroy()
        far.destroy()
      })
    }
    near.on('data', (bytes) => silent.has(near) || far.write(bytes))
    far.on('data', (bytes) => {
      const pass = () => silent.has(far) || near.destroyed || near.write(bytes)
      if (line.delayMs > 0) setTimeout(pass, line.delayMs)
      else pass()
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no loopback port to listen on')
  const cut = () => {
    for (const socket of sockets) socket.resetAndDestroy()
  }
  const line: SlowLine = {
    port: address.port,
    delayMs: 0,
    swallow: () => {
      for (const socket of sockets) silent.add(socket)
    },
    cut,
    stop: async () => {
      server.close()
      cut()
      await once(server, 'close')
    },
  }
  return line
}
