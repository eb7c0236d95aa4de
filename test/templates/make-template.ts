import type { Scalar } from '../../src/domain/attributes.ts'
import type { Json } from '../../src/domain/canonical-json.ts'
import type { Action } from '../../src/domain/catalogue.ts'
import type { ActionId } from '../../src/domain/ids.ts'
import type {
  Missing,
  Template,
  TemplateFault,
  TemplateScope,
  TemplateValues,
} from '../../src/domain/template.ts'
import { compileTemplate } from '../../src/templates/compile.ts'
import type { ContentType } from '../../src/templates/escape.ts'

export const SCOPE: TemplateScope = {
  customer: new Map([
    ['firstName', { type: 'string' }],
    ['age', { type: 'number' }],
    ['club', { type: 'bool', default: false }],
    ['constructor', { type: 'string' }],
  ]),
  context: new Map([
    ['city', { type: 'string' }],
    ['basketValue', { type: 'number' }],
  ]),
  attributes: new Map([
    ['category', 'string'],
    ['price', 'number'],
    ['size', 'mixed'],
    ['organic', 'bool'],
  ]),
}

export interface Given {
  readonly customer?: Record<string, Scalar>
  readonly context?: Record<string, Scalar>
  readonly attributes?: Record<string, Scalar>
  readonly action?: Partial<Action>
  readonly live?: TemplateValues['live']
  readonly currency?: string
}

export function values(given: Given = {}): TemplateValues {
  // Templates read no more of an action than this.
  const action = {
    id: 'boots' as ActionId,
    kind: 'offer',
    tier: 'marketing',
    group: undefined,
    attributes: given.attributes ?? {},
    ...given.action,
  } as Action
  const { customer = {}, context = {}, live = {}, currency = 'EUR' } = given
  return { customer, context, action, live, currency }
}

export function template(content: Json, contentType: ContentType = 'json'): Template {
  const compiled = compileTemplate(content, contentType, SCOPE)
  if (!('render' in compiled)) throw new Error(compiled.map(sentenceOf).join('\n'))
  return compiled
}

/** `path@offset what; remedy` of every fault. */
export function faultsOf(content: Json, contentType: ContentType = 'json'): string[] {
  const compiled = compileTemplate(content, contentType, SCOPE)
  return 'render' in compiled ? [] : compiled.map(sentenceOf)
}

function sentenceOf({ path, offset, what, remedy }: TemplateFault): string {
  return `${path.join('.')}@${offset} ${what}; ${remedy}`
}

export function render(
  content: Json,
  contentType: ContentType,
  given: Given,
  locale = 'de-DE',
): Json | Missing {
  return template(content, contentType).render(values(given), locale)
}
