import type { Action, Catalogue } from '../../domain/catalogue.ts'
import { NO_REASONS, type Reason, reason } from '../../domain/reason.ts'

/** Nobody’s statements are known yet, so a purpose is as its default says: what cannot be checked is not shown. */
export function consented({ purposes }: Catalogue, { purpose }: Action): readonly Reason[] {
  if (purpose === undefined || purposes.get(purpose)?.default !== 'deny') return NO_REASONS
  return [reason('no_consent', { purpose })]
}
