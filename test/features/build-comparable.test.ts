import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { literal, rowsOf, withDuck } from '../../src/features/duck.ts'
import { filledSql } from '../../src/features/sql-file.ts'

type Purchase = readonly [customer: string, product: string]

/** What the SQL promises, said in the plainest way: go through the customer's products and ask everybody else. */
function peersByHand(purchases: readonly Purchase[], customer: string, value: string): number {
  const customers = [...new Set(purchases.map(([who]) => who))]
  const has = (who: string, product: string) => purchases.some(([a, b]) => a === who && b === product)
  const others = customers.filter((who) => who !== customer)
  let sum = 0
  let weights = 0
  for (const product of new Set(purchases.filter(([who]) => who === customer).map(([, what]) => what))) {
    const buyers = others.filter((who) => has(who, product))
    if (buyers.length === 0) continue
    const weight = 1 / buyers.length ** 0.25
    sum += (weight * buyers.filter((who) => has(who, value)).length) / buyers.length
    weights += weight
  }
  if (weights > 0) return sum / weights
  return others.length === 0 ? 0 : others.filter((who) => has(who, value)).length / others.length
}

test('comparable customers agree with counting everybody else one by one', async () => {
  const purchase = fc.tuple(
    fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'),
    fc.constantFrom('p', 'q', 'r', 's', 't', 'u'),
  )
  const values = ['p', 'q', 'z']
  await fc.assert(
    fc.asyncProperty(fc.array(purchase, { minLength: 1, maxLength: 30 }), async (purchases) => {
      await withDuck(async (duck) => {
        const rows = purchases.map(([who, what]) => `(${literal(who)}, ${literal(what)})`).join(', ')
        await duck.run(`CREATE TABLE purchases AS SELECT * FROM (VALUES ${rows}) AS t(customer_id, product);
          CREATE TABLE bought AS SELECT DISTINCT customer_id, product FROM purchases;
          CREATE TABLE dimension_values AS SELECT * FROM (VALUES
            ${values.map((value, i) => `('product', ${i}, ${literal(value)})`).join(', ')}) AS t(dimension, position, value)`)
        await duck.run(filledSql('comparable-customers.sql', { dimension: "'product'", column: '"product"' }))
        const found = await rowsOf<{ customer_id: string; position: number; peers: number }>(
          duck,
          'SELECT * FROM comparable',
        )
        expect(found).toHaveLength(new Set(purchases.map(([who]) => who)).size * values.length)
        for (const { customer_id, position, peers } of found) {
          expect(peers).toBeCloseTo(peersByHand(purchases, customer_id, values[position]!), 4)
        }
      })
    }),
    { numRuns: 40 },
  )
})
