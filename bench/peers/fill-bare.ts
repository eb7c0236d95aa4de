import { Redis } from 'ioredis'
import { customerOf } from '../reference/customers.ts'

const VALUE = 'v'.repeat(1000)
const AT_ONCE = 1000

export const bareKey = (customer: string) => `bare:${customer}`

/** 1,000 bytes for each customer. */
export async function fillBare(url: string, { customers }: { readonly customers: number }): Promise<void> {
  const redis = new Redis(url)
  try {
    for (let from = 0; from < customers; from += AT_ONCE) {
      const pipeline = redis.pipeline()
      for (let i = from; i < Math.min(from + AT_ONCE, customers); i++)
        pipeline.set(bareKey(customerOf(i)), VALUE)
      for (const [error] of (await pipeline.exec())!) if (error !== null) throw error
    }
  } finally {
    redis.disconnect()
  }
}
