// Loaded into a server with --import: tells its parent, when asked, the longest that the event loop stood still since it
// was asked last, in milliseconds.
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { isMainThread } from 'node:worker_threads'

if (isMainThread && process.send !== undefined) {
  const delay = monitorEventLoopDelay({ resolution: 1 })
  delay.enable()
  process.on('message', () => {
    process.send({ longestMs: delay.max / 1e6 })
    delay.reset()
  })
  // Listening to the parent keeps no server alive.
  process.channel.unref()
}
