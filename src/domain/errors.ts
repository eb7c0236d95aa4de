/** One failure of the closed catalogue below: what went wrong, said so that the reader can mend it. */
export interface Fault {
  /** Where: a JSON pointer, `file:line:column`, or the name of a setting. */
  readonly place: string
  /** What is wrong, as a sentence without the offending value when it may be personal. */
  readonly what: string
  /** What to do about it. */
  readonly remedy: string
}

/** Every failure Emma answers with: its stable code and its title. The HTTP status is the front door's business. */
export const ERROR_TITLES = {
  invalid_json: 'The body is not valid JSON',
  invalid_request: 'The request is not valid',
  not_supported_yet: 'A field or key is not supported by this version',
  unknown_channel: 'The channel is not in the catalogue',
  unknown_placement: 'The placement is not in the catalogue',
  placement_of_other_channel: 'The placement belongs to another channel',
  unknown_action: 'The action is not in the catalogue',
  unknown_group: 'The group is not in the catalogue',
  contact_id_taken: 'The id belongs to another contact',
  unknown_purpose: 'The purpose is not in the catalogue',
  too_late: 'It is longer ago than history is kept',
  unknown_version: 'There is no such catalogue version',
  catalogue_changed: 'Another catalogue serves than you expect',
  precondition_required: 'Say which version you mean to replace',
  request_id_taken: 'The request id belongs to another request',
  unknown_decision: 'The decision is not kept',
  unknown_customer: 'The customer is not in the store',
  features_not_loaded: 'No feature set is loaded',
  features_invalid: 'The features are not valid',
  payload_too_large: 'The body is too large',
  unsupported_media_type: 'The media type is not supported',
  host_not_allowed: 'The Host or Origin is not allowed',
  not_found: 'There is no such resource',
  method_not_allowed: 'The method is not allowed here',
  bad_http: 'The request is not valid HTTP',
  not_ready: 'Emma is not ready',
  internal_error: 'Emma failed',
  settings_invalid: 'The settings are not valid',
  address_unavailable: 'The address cannot be listened on',
  usage_invalid: 'The command was called wrongly',
  catalogue_invalid: 'The catalogue is not valid',
  mapping_invalid: 'The mapping is not valid',
  model_invalid: 'The model is not valid',
  data_invalid: 'The data are not valid',
  store_unavailable: 'The store is not available',
} as const

export type ErrorCode = keyof typeof ERROR_TITLES

/** A failure with its code, one sentence, and as many faults as were found: all at once, never one per try. */
export class EmmaError extends Error {
  readonly code: ErrorCode
  readonly faults: readonly Fault[]

  constructor(code: ErrorCode, faults: readonly Fault[], options?: ErrorOptions) {
    super(faults.map(sentence).join('\n') || ERROR_TITLES[code], options)
    this.name = 'EmmaError'
    this.code = code
    this.faults = faults
  }
}

/** `place: what; remedy` in one line. */
export function sentence(fault: Fault): string {
  return `${fault.place}: ${fault.what}; ${fault.remedy}`
}

/** A failure with a single fault. */
export function failure(
  code: ErrorCode,
  place: string,
  what: string,
  remedy: string,
  cause?: unknown,
): EmmaError {
  return new EmmaError(code, [{ place, what, remedy }], cause === undefined ? undefined : { cause })
}
