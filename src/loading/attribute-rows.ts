import { makeCustomers } from '../customers/change-customer.ts'
import type { Attributes, AttributeType, Scalar } from '../domain/attributes.ts'
import type { Catalogue } from '../domain/catalogue.ts'
import { EmmaError } from '../domain/errors.ts'
import type { CustomerId } from '../domain/ids.ts'
import type { Clock } from '../ports/clock.ts'
import type { CustomerStore } from '../ports/customer-store.ts'
import { reasonOf } from './became.ts'
import { neededIdOf, type Row, RowFault, readingRow, textOf } from './fields.ts'
import type { Became, RowKind } from './load-rows.ts'

interface CustomerAttributes {
  readonly id: CustomerId
  readonly attributes: Attributes
}

const LONGEST_TEXT = 4096

/**
 * Rows of attributes, one column each beside `customer`: an empty one leaves the attribute as it is. Of several rows of
 * one customer the last one holds.
 */
export function attributeRows(
  store: CustomerStore,
  catalogue: Catalogue,
  clock: Clock,
): RowKind<CustomerAttributes> {
  const customers = makeCustomers(store, () => catalogue, clock)
  const change = async ({ id, attributes }: CustomerAttributes): Promise<Became> => {
    try {
      await customers.change(id, { attributes })
      return 'changed'
    } catch (error) {
      if (error instanceof EmmaError && error.code === 'invalid_request')
        return { refused: reasonOf(error.faults[0]!) }
      throw error
    }
  }
  return {
    toItem: readingRow((row) => attributesOf(row, catalogue)),
    batch: 500,
    // One batch after the other, so that of two rows of one customer the last one holds.
    inFlight: 1,
    async tell(rows) {
      const last = new Map<CustomerId, Promise<Became>>()
      const all = rows.map((row) => {
        const done = (last.get(row.id) ?? Promise.resolve()).then(() => change(row))
        last.set(row.id, done)
        return done
      })
      return Promise.all(all)
    },
  }
}

function attributesOf(row: Row, { customerTypes }: Catalogue): CustomerAttributes {
  const id = neededIdOf(row, 'customer') as CustomerId
  const attributes: Record<string, Scalar> = {}
  for (const name of Object.keys(row)) {
    const type = customerTypes.get(name)?.type
    if (name === 'customer' || textOf(row, name) === undefined) continue
    if (type === undefined)
      throw new RowFault(`column ${name} is not declared in the catalogue, under types.customer`)
    attributes[name] = asDeclared(row, name, type)
  }
  if (Object.keys(attributes).length === 0) throw new RowFault('no attribute is filled')
  return { id, attributes }
}

/** As the catalogue declares it: text files do not say what is a number. */
function asDeclared(row: Row, name: string, type: AttributeType): Scalar {
  const value = row[name]
  const text = textOf(row, name)!
  if (type === 'string') {
    if (text.length <= LONGEST_TEXT) return text
    throw new RowFault(`column ${name} is longer than ${LONGEST_TEXT} characters`)
  }
  if (type === 'bool') {
    const said = { true: true, false: false, 1: true, 0: false }[text.toLowerCase()]
    if (said !== undefined) return said
    throw new RowFault(`column ${name} is neither true nor false`)
  }
  const number = /^\s*$|^0[xob]/i.test(text) || typeof value === 'boolean' ? Number.NaN : Number(text)
  if (Number.isFinite(number)) return number
  throw new RowFault(`column ${name} is not a finite number`)
}
