/** So many actions play in one placement, whatever the size of the catalogue: a decision always judges as many. */
export const ACTIONS_PER_PLACEMENT = 60
/** One action in so many says something else in every generation. */
const CHANGES_EVERY = 100

/** A catalogue of `size` actions: a rule of three clauses and two treatments each, one of them with a template. */
export function swapCatalogue(size: number, generation: number): unknown {
  const places = Math.ceil(size / ACTIONS_PER_PLACEMENT)
  return {
    schema: 'emma/v1',
    types: {
      customer: { age: { type: 'number', default: 40 }, city: { type: 'string', default: 'Ulm' } },
      context: { basket: 'number' },
    },
    placements: Array.from({ length: places }, (_, i) => [
      { id: `web-${i}`, channel: 'web' },
      { id: `mail-${i}`, channel: 'email' },
    ]).flat(),
    groups: Array.from({ length: 20 }, (_, i) => ({ id: `group-${i}` })),
    actions: Array.from({ length: size }, (_, i) => ({
      id: `action-${i}`,
      group: `group-${i % 20}`,
      value: 1 + (i % 50),
      attributes: { price: 10 + (i % 90), sku: `S-${i}` },
      eligibility: `customer.age >= ${18 + (i % 20)} && customer.city != "city-${i}" && action.price < ${200 + (i % 7)}`,
      treatments: [
        {
          id: `web-${i}`,
          for: [`web-${i % places}`],
          content: {
            en: {
              headline: `Offer ${i}, generation ${i % CHANGES_EVERY === 0 ? generation : 0}`,
              text: 'Now for {{ action.price }}, and only while there are any left.',
            },
          },
        },
        {
          id: `mail-${i}`,
          for: [`mail-${i % places}`],
          content: { en: { subject: `Offer ${i}`, text: 'A line that is as long as lines in mails are.' } },
        },
      ],
    })),
  }
}
