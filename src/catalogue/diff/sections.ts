import { words } from './show.ts'

/**
 * How a section is written: a list of things with ids, a map of things by their names, the two maps of types, or
 * settings without things.
 */
export type Form = 'list' | 'map' | 'types' | 'settings'

export interface Section {
  readonly name: string
  readonly form: Form
  /** What one of its things is called, in sentences. */
  readonly noun: string
  readonly nouns: string
  /** The order in which its things are written means something. */
  readonly ordered: boolean
}

/** In the order of the catalogue document. */
const SECTIONS: readonly Section[] = [
  section('schema', 'settings', 'schema', 'schema'),
  section('defaults', 'settings', 'default', 'defaults'),
  section('types', 'types', 'type'),
  section('purposes', 'map', 'purpose'),
  section('identities', 'map', 'identity type'),
  section('channels', 'map', 'channel'),
  section('target', 'settings', 'target', 'target'),
  section('blocks', 'list', 'block'),
  // The version keeps the order of models, and the first that fits may well be the one that scores.
  { ...section('models', 'list', 'model'), ordered: true },
  section('placements', 'list', 'placement'),
  section('groups', 'list', 'group'),
  section('actions', 'list', 'action'),
  section('contactPolicies', 'list', 'contact policy', 'contact policies'),
  section('volumes', 'list', 'volume'),
  section('arbitration', 'settings', 'arbitration', 'arbitration'),
  section('exploration', 'settings', 'exploration', 'exploration'),
  section('experiments', 'settings', 'experiments', 'experiments'),
  section('attribution', 'settings', 'attribution', 'attribution'),
]
const BY_NAME = new Map(SECTIONS.map((known) => [known.name, known]))

/** The sections of this name, in the document’s order; those the format does not know come last and are settings. */
export function sectionsNamed(names: Iterable<string>): readonly Section[] {
  const left = new Set(names)
  const known = SECTIONS.filter(({ name }) => left.delete(name))
  return [...known, ...[...left].sort().map(sectionNamed)]
}

export function sectionNamed(name: string): Section {
  return BY_NAME.get(name) ?? section(name, 'settings', words(name), words(name))
}

function section(name: string, form: Form, noun: string, nouns = `${noun}s`): Section {
  return { name, form, noun, nouns, ordered: false }
}
