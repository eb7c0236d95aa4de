import type { Action } from '../../domain/catalogue.ts'
import type { ConsentStatement } from '../../domain/consent.ts'
import { NO_REASONS, type Phrase, phrase, type Reason, reason } from '../../domain/reason.ts'
import type { Situation } from '../../domain/situation.ts'
import { canObject, consentTo } from '../consent.ts'

/** Whether the person lets us: asked once per purpose, for a request has one channel and at most one address. */
export function makeConsented(situation: Situation): (action: Action) => readonly Reason[] {
  const known = new Map<string | undefined, readonly Reason[]>()
  return ({ purpose }) => {
    let reasons = known.get(purpose)
    if (reasons === undefined) {
      reasons = refusals(purpose ?? null, situation)
      known.set(purpose, reasons)
    }
    return reasons
  }
}

function refusals(purpose: string | null, situation: Situation): readonly Reason[] {
  const { catalogue, request, standing } = situation
  const { channel } = request
  if (!standing.isChecked && mustBeChecked(purpose, situation))
    return [reason('unchecked', { what: phrase('checked_consent') })]
  const consent = consentTo(purpose, standing.consents, { channel, address: standing.address }, catalogue)
  switch (consent.state) {
    case 'granted':
    case 'default_allow':
      return NO_REASONS
    case 'default_deny':
      return [reason('no_consent', { purpose: purpose! })]
    case 'unsure':
      return [reason('address_unsure', { what: whatOf({ ...consent.by, address: null, channel }, channel) })]
    case 'refused':
      return [reason('consent_refused', { what: whatOf(consent.by, channel), since: sinceOf(consent.by) })]
  }
}

/** What has no purpose may have been opted out of only where we write. */
function mustBeChecked(purpose: string | null, { catalogue, request }: Situation): boolean {
  if (purpose !== null) return canObject(purpose, catalogue)
  return catalogue.channels.get(request.channel)!.direction === 'outbound'
}

/** What a statement is about, in words. */
function whatOf({ purpose, channel, address }: ConsentStatement, asked: string): Phrase {
  if (purpose === null) {
    if (address !== null) return phrase('for_all_at', { channel: asked })
    return channel === null ? phrase('for_all') : phrase('for_all_on', { channel })
  }
  if (address !== null) return phrase('for_purpose_at', { purpose, channel: asked })
  return channel === null
    ? phrase('for_purpose', { purpose })
    : phrase('for_purpose_on', { purpose, channel })
}

function sinceOf({ at }: ConsentStatement): Phrase {
  return at === null ? phrase('nothing') : phrase('on_date', { at })
}
