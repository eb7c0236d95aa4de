/** So many customers take turns. */
export const CUSTOMERS = 10_000

export interface Asking {
  readonly mode?: 'live' | 'dry-run'
  readonly reserve?: 'hold' | 'none'
  readonly explain?: 'none' | 'codes' | 'full'
  /** No view renews what another view of the customer held. */
  readonly newVisits?: boolean
}

/** The reference decision: one page view of a customer’s visit, three actions for one placement. The body as JSON. */
export function requestOf(
  n: number,
  { newVisits = false, ...asking }: Asking = {},
  customers = CUSTOMERS,
): string {
  const i = n % customers
  return JSON.stringify({
    customer: { id: `customer-${i}` },
    sessionId: `visit-${newVisits ? `${i}-${n}` : i}`,
    channel: 'web',
    placements: [{ id: 'home', limit: 3 }],
    context: { basketValue: n % 200 },
    ...asking,
  })
}
