import { compileFeatureSet, type FeatureSet } from '../../src/domain/feature-set.ts'
import type { RuleContext } from '../../src/domain/rule.ts'
import type { ActionLive } from '../../src/domain/run-time-state.ts'
import { createRandom, type Random } from '../../src/sample/random.ts'

/** Whether a rule holds, as a programmer would write it who need not think of missing values. */
export type ByHand = (context: RuleContext) => boolean

/** The actions of one bench, as a marketer writes them, and their rules by hand. */
export interface RuleSet {
  readonly document: object
  /** By the text of the rule. */
  readonly byHand: ReadonlyMap<string, ByHand>
  /** By action id. */
  readonly live: ReadonlyMap<string, ActionLive>
}

export const KINDS = ['own', 'candidate', 'shared', 'countries'] as const
export type Kind = (typeof KINDS)[number]

const GROUP_OF = 25
const COUNTRIES = ['AT', 'CH', 'NL', 'FR'] as const
/** Most of a German shop’s rules say DE, as most of its customers do. */
const SHARE_OF_DE = 92
/** Of a shop that sells everywhere: every country as often. */
const EVERYWHERE = ['DE', ...COUNTRIES, 'BE', 'DK', 'IT', 'PL', 'SE'] as const

/** `count` actions in one placement. Literals are doubles everywhere: the libraries tell 18 from 18.0, Emma does not. */
export function ruleSet(kind: Kind, count: number): RuleSet {
  const byHand = new Map<string, ByHand>()
  const live = new Map<string, ActionLive>()
  const random = createRandom(20_261_122, 0)
  const groups: object[] = []
  const actions = Array.from({ length: count }, (_, i) => {
    const id = `a-${String(i).padStart(5, '0')}`
    const treatments = [{ id: 'text', for: ['hero'], content: { de: `Text ${i}` } }]
    const base = { id, treatments, value: 1 + (i % 40) }
    if (kind === 'candidate') {
      live.set(id, { stock: i + (random.chance(9, 10) ? 1 + random.below(50) : 0) })
      const price = (500 + random.below(9500)) / 100
      return { ...base, attributes: { price }, eligibility: candidateRule(i, byHand) }
    }
    if (kind === 'own') return { ...base, eligibility: ownRule(i, german(i, random), random, byHand) }
    if (kind === 'countries')
      return { ...base, eligibility: ownRule(i, random.oneOf(EVERYWHERE), random, byHand) }
    const group = `g-${Math.floor(i / GROUP_OF)}`
    if (i % GROUP_OF === 0)
      groups.push({ id: group, eligibility: ownRule(i, german(i, random), random, byHand) })
    return { ...base, group }
  })
  return { document: { ...HEAD, groups, actions }, byHand, live }
}

const HEAD = {
  schema: 'emma/v1',
  defaults: { locale: 'de', timeZone: 'Europe/Berlin' },
  types: {
    customer: { country: { type: 'string' }, age: { type: 'number' }, clubMember: { type: 'bool' } },
    context: { budget: { type: 'number' } },
  },
  placements: [{ id: 'hero', channel: 'web' }],
}

function german(i: number, random: Random): string {
  return random.chance(SHARE_OF_DE, 100) ? 'DE' : COUNTRIES[i % COUNTRIES.length]!
}

function ownRule(i: number, country: string, random: Random, byHand: Map<string, ByHand>): string {
  const age = 16 + random.below(24)
  // Seven decimals: no two rules are the same text.
  const rate = Number((0.15 + (i % 40) / 100 + i / 10_000_000).toFixed(7))
  const source = `customer.country == "${country}" && customer.age >= ${double(age)} && features.returns_rate < ${double(rate)}`
  byHand.set(source, ({ customer, feature }) => {
    return customer.country === country && (customer.age as number) >= age && feature('returns_rate')! < rate
  })
  return source
}

function candidateRule(i: number, byHand: Map<string, ByHand>): string {
  const source = `live.stock > ${double(i)} && action.price <= context.budget && customer.clubMember`
  byHand.set(source, ({ customer, context, action, live }) => {
    return live.stock! > i && action.attributes.price! <= context.budget! && (customer.clubMember as boolean)
  })
  return source
}

function double(value: number): string {
  return Number.isInteger(value) ? value.toFixed(1) : String(value)
}

/** 64 features, as in the reference decision; rules read one of them. */
export const FEATURES: FeatureSet = compileFeatureSet({
  format: 'emma-features/1',
  name: 'bench',
  version: '0123456789abcdef',
  asOf: '2026-11-01',
  source: 'by chance',
  rows: 64,
  data: 'none.csv',
  key: 'customer',
  dimensions: [],
  features: Array.from({ length: 64 }, (_, i) => ({
    name: i === 40 ? 'returns_rate' : `f${i}`,
    storage: 'f16' as const,
    unit: 'share',
    default: 0,
    meaning: 'a number',
  })),
})

export interface Person {
  readonly attributes: { readonly country: string; readonly age?: number; readonly clubMember: boolean }
  readonly budget: number
  readonly vector: Float32Array
}

/** Customers of a German shop, or of one that sells everywhere; without ages when told so. */
export function people(count: number, shop: 'german' | 'everywhere', ages = true): Person[] {
  const random = createRandom(20_261_122, 1)
  return Array.from({ length: count }, (_, i) => {
    const german = random.chance(94, 100) ? 'DE' : COUNTRIES[i % COUNTRIES.length]!
    const country = shop === 'german' ? german : EVERYWHERE[i % EVERYWHERE.length]!
    const age = 18 + random.below(60)
    const vector = new Float32Array(64)
    vector[40] = Math.round((random.below(1000) / 1000) ** 2 * 500) / 1000
    const clubMember = random.chance(8, 10)
    return {
      attributes: ages ? { country, age, clubMember } : { country, clubMember },
      budget: 60 + random.below(50),
      vector,
    }
  })
}
