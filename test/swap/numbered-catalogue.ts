/** What a decision shows, slot by slot, and what it says it was scored with. */
export interface Shown {
  /** The model’s name, without its version. */
  readonly model: string
  readonly items: readonly {
    readonly action: string
    readonly content: unknown
    /** To three decimals. */
    readonly propensity: number
  }[]
}

/** Two models to go between: each publication exchanges the scorer too. */
export const MODELS = ['even', 'odd'] as const

/** What the store knows of the customer of {@link REQUEST}: the sum is the logit of every propensity. */
export const FEATURES = { age: 0.5, taste_shoes: -2 } as const

/** The request that every numbered catalogue answers. A named customer makes the decision wait for the store. */
export const REQUEST = JSON.stringify({
  ...{ channel: 'web', locale: 'en', customer: { id: 'c-1' } },
  placements: [{ id: 'hero' }, { id: 'strip', limit: 5 }],
})

/** What the model adds to every logit in this catalogue. */
function boostOf(number: number): number {
  return (number % 8) / 8
}

/** Actions in the order of their value: odd numbers have one more, and the other way round. */
function idsOf(number: number): readonly string[] {
  return number % 2 === 0 ? ['boots', 'scarf'] : ['hat', 'scarf', 'boots']
}

/**
 * A catalogue that says its own number in each of its parts: in what actions are, in what treatments say as it stands,
 * in what templates fill in, and in what the model reads. Even and odd numbers differ in their actions, values,
 * treatments and model.
 */
export function numberedCatalogue(number: number): Readonly<Record<string, unknown>> {
  const ids = idsOf(number)
  return {
    schema: 'emma/v1',
    types: { customer: { level: 'number' } },
    models: [{ id: MODELS[number % 2] }],
    // Nothing is left to chance: else three in a hundred customers and days draw evenly, and the secret of a new store says which.
    exploration: { method: 'greedy' },
    placements: [
      { id: 'hero', channel: 'web' },
      { id: 'strip', channel: 'web', order: 1 },
    ],
    actions: ids.map((id, i) => ({
      id,
      value: ids.length - i,
      eligibility: `action.number == ${number}`,
      attributes: { number, category: 'shoes', boost: boostOf(number) },
      treatments: [
        {
          id: `${id}-${number % 2}`,
          for: ['hero', 'strip'],
          content: { en: { says: `${id} of ${number}`, filledIn: '{{ action.number }}' } },
        },
      ],
    })),
  }
}

/** The same with a rule that names nothing: it may not serve. */
export function badCatalogue(number: number): Readonly<Record<string, unknown>> {
  return {
    ...numberedCatalogue(number),
    blocks: [{ id: 'b', tier: 'marketing', when: 'customer.levle > 1' }],
  }
}

/** What a numbered catalogue answers to {@link REQUEST}, slot by slot. */
export function shownBy(number: number): Shown {
  // One for the channel: the model reads whether it is the web.
  const logit = FEATURES.age + FEATURES.taste_shoes + boostOf(number) + 1
  return {
    model: MODELS[number % 2]!,
    items: idsOf(number).map((action) => ({
      action,
      content: { says: `${action} of ${number}`, filledIn: String(number) },
      propensity: Math.round(1000 / (1 + Math.exp(-logit))) / 1000,
    })),
  }
}
