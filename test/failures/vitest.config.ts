import { defineConfig } from 'vitest/config'

/** Faults of a Redis, end to end: their bounds are times, and want a machine that has nothing else to do. */
export default defineConfig({
  test: {
    include: ['test/failures/**/*.failures.ts'],
    testTimeout: 180_000,
    hookTimeout: 120_000,
    pool: 'forks',
    maxWorkers: 1,
  },
})
