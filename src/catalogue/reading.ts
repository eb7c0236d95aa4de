import { issueFaults } from '../documents/issue-faults.ts'
import type { WrittenDocument } from '../documents/read-document.ts'
import { EmmaError, type Fault } from '../domain/errors.ts'
import type { Steps } from '../domain/steps.ts'
import {
  actionSchema,
  allButActionsSchema,
  type CatalogueDocument,
  catalogueDocumentSchema,
  partialDocumentSchema,
} from './document.ts'
import { type Path, prune, unitsOf, writtenPath } from './set-aside.ts'

/** A document while it is checked: what is in form, and every fault found so far. */
export interface Reading {
  /** Without the items that have a fault of form. */
  readonly document: CatalogueDocument
  /** Everything, as it was written. */
  readonly written: Readonly<Record<string, unknown>>
  readonly faults: readonly Fault[]
  /** Tells a fault at a path of {@link document}. */
  tell(path: Path, what: string, remedy: string): void
  /** Tells a fault at a path of {@link written}. */
  tellWritten(path: Path, what: string, remedy: string): void
  /** Tells a fault at an offset, in UTF-16 code units, in a text at a path of {@link document}. */
  tellWithin(path: Path, offset: number, what: string, remedy: string): void
}

/** Rounds of setting aside; each takes more away, and three are enough for every nesting of the format. */
const MOST_ROUNDS = 8

/**
 * Holds a document against its form. What is at fault is told and set aside, so that the rest can be checked further.
 * @throws EmmaError `catalogue_invalid` when nothing is left that could be checked.
 */
export function* readForm(written: WrittenDocument): Steps<Reading> {
  const inForm = yield* documentInForm(written.value)
  return inForm === null ? readAtFault(written) : reading(written, inForm, new Map(), [])
}

/** Held against its form action by action; null when anything is at fault. */
function* documentInForm(value: unknown): Steps<CatalogueDocument | null> {
  const rest = allButActionsSchema.safeParse(value)
  if (!rest.success) return null
  const actions: CatalogueDocument['actions'] = []
  for (const written of rest.data.actions) {
    const action = actionSchema.safeParse(written)
    if (!action.success) return null
    actions.push(action.data)
    yield
  }
  return { ...rest.data, actions }
}

function readAtFault(written: WrittenDocument): Reading {
  const parsed = catalogueDocumentSchema.safeParse(written.value, {
    reportInput: true,
  })
  if (parsed.success) return reading(written, parsed.data, new Map(), [])
  const faults = parsed.error.issues.flatMap((issue) => issueFaults(issue, (path) => written.place(path)))
  const aside = new Set<string>()
  let issues = parsed.error.issues.flatMap(unitsOf)
  for (let round = 0; round < MOST_ROUNDS; round++) {
    for (const path of issues) setAside(aside, path)
    const { value, kept } = prune(written.value, aside)
    const again = partialDocumentSchema.safeParse(value)
    if (again.success) return reading(written, again.data, kept, faults)
    issues = again.error.issues.flatMap(unitsOf).map((path) => writtenPath(path, kept))
  }
  throw new EmmaError('catalogue_invalid', faults)
}

/** Sets a part aside; one that already is takes what contains it along. */
function setAside(aside: Set<string>, path: Path): void {
  let steps = path
  while (steps.length > 1 && aside.has(JSON.stringify(steps))) steps = steps.slice(0, -1)
  aside.add(JSON.stringify(steps))
}

function reading(
  written: WrittenDocument,
  document: CatalogueDocument,
  kept: ReadonlyMap<string, readonly number[]>,
  formFaults: readonly Fault[],
): Reading {
  const faults = [...formFaults]
  return {
    document,
    written: written.value as Readonly<Record<string, unknown>>,
    faults,
    tell: (path, what, remedy) => {
      faults.push({
        place: written.place(writtenPath(path, kept)),
        what,
        remedy,
      })
    },
    tellWritten: (path, what, remedy) => {
      faults.push({ place: written.place(path), what, remedy })
    },
    tellWithin: (path, offset, what, remedy) => {
      faults.push({
        place: written.within(writtenPath(path, kept), offset),
        what,
        remedy,
      })
    },
  }
}
