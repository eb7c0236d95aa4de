import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Some tests start the command line a dozen times, two seconds of both cores each on a slow machine.
    testTimeout: 180_000,
    maxConcurrency: 3,
    hookTimeout: 120_000,
    pool: 'forks',
    maxWorkers: 2,
  },
})
