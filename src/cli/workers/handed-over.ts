import type { Worker } from 'node:cluster'

/** A connection as Node’s cluster hands it over; its number of a file is below 0 once it is closed. */
interface Connection {
  readonly fd?: number
  close(): void
}

interface Handing {
  readonly act?: string
  readonly seq?: number
}

interface Answer {
  readonly ack?: number
}

type Send = (message: Handing, connection?: Connection, ...more: unknown[]) => boolean

type Child = {
  readonly connected: boolean
  send: Send
  on(event: 'internalMessage', heed: (message: Answer) => void): void
  emit(event: 'internalMessage', message: object): void
  emit(event: 'disconnect'): void
}

/** What a dead worker has said is heard by then. */
const HEARD_MS = 20

/**
 * Sees to connections that a worker was handed and did not take before it died. Node forgets them and keeps them open,
 * and who had connected would wait for ever; while one is on its way it does not even take notice that the worker is
 * gone, and hands it the next. Here they go to another worker, as if this one had refused them: nothing of them has been
 * read. Should a later Node hand over otherwise, nothing is seen here, and all is as Node does it.
 * @param hasOthers - whether another worker takes connections; else they are closed
 */
export function returnUntaken(worker: Worker, hasOthers: () => boolean): void {
  const untaken = new Map<number, Connection>()
  const child = worker.process as unknown as Child
  const { send } = child
  // Without a channel, as where it could not be started, there is nothing to hand over.
  if (send === undefined) return
  child.send = (message, connection, ...more) => {
    if (message.act === 'newconn' && message.seq !== undefined && connection !== undefined)
      untaken.set(message.seq, connection)
    return send.call(child, message, connection, ...more)
  }
  child.on('internalMessage', ({ ack }) => {
    if (ack !== undefined) untaken.delete(ack)
  })
  let isNoticed = false
  worker.on('disconnect', () => {
    isNoticed = true
  })

  function settle(): void {
    if (child.connected) return void setTimeout(settle, HEARD_MS)
    if (!isNoticed) child.emit('disconnect')
    for (const [ack, connection] of untaken) {
      if ((connection.fd ?? -1) < 0) continue
      if (hasOthers()) child.emit('internalMessage', { cmd: 'NODE_CLUSTER', ack, accepted: false })
      else connection.close()
    }
    untaken.clear()
  }
  worker.on('exit', () => setTimeout(settle, HEARD_MS))
}
