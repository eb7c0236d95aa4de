import { defineConfig } from 'vitest/config'

/** Some want the whole machine: many processes at once, or bounds that are times. They come last, one by one. */
const ALONE = [
  'test/swap/**/*.test.ts',
  'test/stores/redis/link-{cluster,faults,sentinel}.test.ts',
  'test/failures/**/*.test.ts',
  'test/stress/**/*.test.ts',
]

const patience = {
  // Some tests start the command line a dozen times, two seconds of both cores each on a slow machine.
  testTimeout: 180_000,
  hookTimeout: 120_000,
  pool: 'forks',
} as const

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          ...patience,
          name: 'together',
          include: ['test/**/*.test.ts'],
          exclude: ALONE,
          maxConcurrency: 3,
          maxWorkers: 2,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: { ...patience, name: 'alone', include: ALONE, maxWorkers: 1, sequence: { groupOrder: 1 } },
      },
    ],
  },
})
