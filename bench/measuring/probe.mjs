// Loaded into a server with --import: tells its parent, when asked, what happened in it since it was asked last: the
// longest that the event loop stood still, how long garbage was collected and how often, and the CPU it used.
import cluster from 'node:cluster'
import { monitorEventLoopDelay, PerformanceObserver } from 'node:perf_hooks'
import { isMainThread } from 'node:worker_threads'

// A worker of a cluster listens to somebody else.
if (isMainThread && cluster.isPrimary && process.send !== undefined) {
  const delay = monitorEventLoopDelay({ resolution: 1 })
  delay.enable()
  let [gcMs, gcCount] = [0, 0]
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) {
      gcMs += duration
      gcCount++
    }
  }).observe({ entryTypes: ['gc'] })
  let cpu = process.cpuUsage()
  process.on('message', (asked) => {
    if (asked !== 'tell') return
    const used = process.cpuUsage(cpu)
    process.send({ longestMs: delay.max / 1e6, gcMs, gcCount, cpuMs: (used.user + used.system) / 1000 })
    delay.reset()
    gcMs = 0
    gcCount = 0
    cpu = process.cpuUsage()
  })
  // A bench that dies leaves no server behind.
  process.on('disconnect', () => process.exit(1))
  // Listening to the parent keeps no server alive.
  process.channel.unref()
}
