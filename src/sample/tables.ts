import { CATEGORIES } from './assortment.ts'
import { dayText, momentText } from './calendar.ts'
import type { SampleShop } from './generate.ts'

/** `customers.csv`: one row a customer, by id; flags as 0 and 1, an unknown birth year empty. */
export function customersCsv(shop: SampleShop): string {
  return csv(
    'customer_id,first_name,country,birth_year,member_since,newsletter,points,points_expiring,birthday_soon,' +
      'late_parcel_days,open_return,pickup_waiting,fit_returns',
    shop.map(({ person, situation }) => [
      person.id,
      person.firstName,
      person.country,
      person.birthYearKnown ? person.birthYear : '',
      dayText(person.memberSince),
      flag(person.newsletter),
      situation.points,
      situation.pointsExpiring,
      flag(situation.birthdaySoon),
      situation.lateParcelDays,
      flag(situation.openReturn),
      flag(situation.pickupWaiting),
      situation.fitReturns,
    ]),
  )
}

/** `transactions.csv`: one row an order line, by time. Orders are numbered as they came in; a return bears its order's number. */
export function transactionsCsv(shop: SampleShop): string {
  const rows = shop.flatMap(({ person, lines }) => lines.map((line) => ({ customer: person.id, line })))
  rows.sort((one, other) => one.line.at - other.line.at)
  const orderIds = new Map<string, string>()
  return csv(
    'order_id,customer_id,at,product_id,category,quantity,unit_price_cents',
    rows.map(({ customer, line }) => {
      const order = `${customer}/${line.order}`
      if (!orderIds.has(order)) orderIds.set(order, `o-${String(orderIds.size + 1).padStart(5, '0')}`)
      return [
        orderIds.get(order)!,
        customer,
        momentText(line.at),
        line.product.id,
        CATEGORIES[line.product.category]!.name,
        line.quantity,
        line.unitPriceCents,
      ]
    }),
  )
}

/** `responses.csv`: one row a past contact, by time. */
export function responsesCsv(shop: SampleShop): string {
  const rows = shop.flatMap(({ person, contacts }) =>
    contacts.map((contact) => ({ customer: person.id, contact })),
  )
  rows.sort((one, other) => one.contact.at - other.contact.at)
  return csv(
    'customer_id,action_id,channel,at,converted',
    rows.map(({ customer, contact: { action, channel, at, converted } }) => [
      customer,
      action,
      channel,
      momentText(at),
      flag(converted),
    ]),
  )
}

/** No value of the sample needs quoting. */
function csv(header: string, rows: readonly (readonly (string | number)[])[]): string {
  return `${[header, ...rows.map((row) => row.join(','))].join('\n')}\n`
}

function flag(value: boolean): number {
  return value ? 1 : 0
}
