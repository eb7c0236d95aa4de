import type { EmmaError } from '../domain/errors.ts'
import type { DegradedCode } from '../domain/situation.ts'
import type { Model, Scorer } from './scorer.ts'

/** What scores a catalogue: everybody’s model, and the one that is tried beside it. */
export interface ChosenScorers {
  /** The catalogue’s model, or the prior: by choice when it names none, degraded when it cannot serve. */
  readonly scorer: Scorer
  /** Null when the catalogue names none, or it cannot serve. */
  readonly challenger: Scorer | null
  readonly degraded: readonly DegradedCode[]
  /** Why a model that the catalogue names does not serve. */
  readonly troubles: { readonly champion: EmmaError | null; readonly challenger: EmmaError | null }
  /** Those that serve, by id; what was lent is among them. */
  readonly models: ReadonlyMap<string, Model>
  /** Closes what was loaded for this choice, and nothing that was lent to it. */
  closeLoaded(): Promise<void>
}
