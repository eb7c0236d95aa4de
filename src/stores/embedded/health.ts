import { stat, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import type { StoreHealth } from '../../ports/store-health.ts'

const LITTLE = 1_000_000_000

/** @param keys - how many keys the store has */
export function embeddedHealth(folder: string, keys: () => number): StoreHealth {
  return {
    async sizes() {
      const { bavail, bsize } = await statfs(folder)
      const { size } = await stat(join(folder, 'store.mdb'))
      return { usedBytes: size, limitBytes: size + bavail * bsize, keys: keys() }
    },
    async findings() {
      const { bavail, bsize } = await statfs(folder)
      const { size } = await stat(join(folder, 'store.mdb'))
      const free = bavail * bsize
      const gigabytes = (bytes: number) => `${(bytes / 1e9).toFixed(1)} GB`
      // A feature set stands beside the one before it while it is loaded.
      const isEnough = free > Math.max(LITTLE, size)
      return [
        {
          state: isEnough ? 'right' : 'advice',
          what: `the store takes ${gigabytes(size)}, and its disk has ${gigabytes(free)} left`,
          remedy: isEnough ? null : 'make room: the next feature set is loaded beside the one in use',
        },
      ]
    },
  }
}
