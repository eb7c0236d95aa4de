import type { Attributes, AttributeType, TypeSpec } from './attributes.ts'
import type { Json } from './canonical-json.ts'
import type { ActionFacts } from './rule.ts'
import type { ActionLive } from './run-time-state.ts'

/** What the names of a template mean where it stands. */
export interface TemplateScope {
  readonly customer: ReadonlyMap<string, TypeSpec>
  readonly context: ReadonlyMap<string, TypeSpec>
  /** Attributes of the actions that say this; `mixed` when they do not agree on the type. */
  readonly attributes: ReadonlyMap<string, AttributeType | 'mixed'>
}

/** What a template is filled with. Customer and context come with their declared defaults. */
export interface TemplateValues {
  readonly customer: Attributes
  readonly context: Attributes
  readonly action: ActionFacts
  readonly live: ActionLive
  /** ISO 4217, of the catalogue. */
  readonly currency: string
}

/** What a rendering comes to when a name has no value: the content as a whole must not be shown then. */
export class Missing {
  /** The first such name: `customer.firstName`. */
  readonly name: string

  constructor(name: string) {
    this.name = name
  }
}

/** Checked and compiled content: a pure function of its values. */
export interface Template {
  /** Every name it reads: `customer.firstName`, `live.price`. */
  readonly reads: ReadonlySet<string>
  /** True when it reads nothing: it then always renders the same object. */
  readonly isStatic: boolean
  /** The first name it reads that has no value, or null: it can then be rendered. */
  lacks(values: TemplateValues): string | null
  /** Never throws. `locale` is the slate’s language tag, for numbers and letters; one that nobody knows means `en`. */
  render(values: TemplateValues, locale: string): Json | Missing
}

export interface TemplateFault {
  /** Leads to the text inside the content, or to the key that is at fault. */
  readonly path: readonly (string | number)[]
  /** Zero-based, in UTF-16 code units of that text. */
  readonly offset: number
  readonly what: string
  readonly remedy: string
}

/** A fault inside one text, before its path is known. */
export type TextFault = Omit<TemplateFault, 'path'>
