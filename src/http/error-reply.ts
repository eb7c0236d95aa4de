import type { FastifyError, FastifyReply } from 'fastify'
import { EmmaError, ERROR_TITLES, type ErrorCode, failure, sentence } from '../domain/errors.ts'
import type { Problem } from './schemas/problem.ts'

/** The HTTP status of each failure; what is not listed is Emma’s own fault: 500. */
const STATUS: Partial<Record<ErrorCode, number>> = {
  invalid_json: 400,
  invalid_request: 400,
  not_supported_yet: 400,
  bad_http: 400,
  host_not_allowed: 403,
  not_found: 404,
  unknown_version: 404,
  unknown_customer: 404,
  unknown_decision: 404,
  method_not_allowed: 405,
  contact_id_taken: 409,
  features_not_loaded: 409,
  catalogue_changed: 412,
  payload_too_large: 413,
  unsupported_media_type: 415,
  request_id_taken: 422,
  unknown_channel: 422,
  unknown_placement: 422,
  placement_of_other_channel: 422,
  unknown_action: 422,
  unknown_group: 422,
  unknown_purpose: 422,
  too_late: 422,
  catalogue_invalid: 422,
  model_invalid: 422,
  precondition_required: 428,
  features_invalid: 422,
  not_ready: 503,
  store_unavailable: 503,
}

/** Any failure as problem+json. */
export function sendProblem(reply: FastifyReply, error: EmmaError): FastifyReply {
  const problem = toProblem(error)
  if (problem.status === 503) void reply.header('retry-after', '1')
  return reply
    .code(problem.status)
    .header('content-type', 'application/problem+json; charset=utf-8')
    .header('cache-control', 'no-store')
    .serializer((payload: unknown) => JSON.stringify(payload))
    .send(problem)
}

/** The faults of one answer at most: a body of a million mistakes must not become a larger answer. */
export const MOST_FAULTS = 50

export function toProblem({ code, faults }: EmmaError): Problem {
  const shown = faults.slice(0, MOST_FAULTS)
  const sentences = shown.map(sentence)
  if (shown.length < faults.length) sentences.push('There are more faults than these; mend these first')
  return {
    type: `urn:emma:error:${code}`,
    title: ERROR_TITLES[code],
    status: STATUS[code] ?? 500,
    code,
    detail: sentences.join('. '),
    errors: shown.map(({ place, what, remedy }) => ({ pointer: place, what, remedy })),
  }
}

/** Translates what Fastify, the validator or Emma itself threw. What nobody foresaw tells nothing of its inside. */
export function toEmmaError(error: unknown): EmmaError {
  if (error instanceof EmmaError) return error
  const { code, statusCode } = error as Partial<FastifyError>
  switch (code) {
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return failure(
        'unsupported_media_type',
        'Content-Type',
        'this media type is not read here',
        'send application/json; a catalogue may also be application/yaml',
      )
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return failure(
        'payload_too_large',
        'body',
        'the body is longer than this address takes',
        'send less at once',
      )
    case 'FST_ERR_CTP_EMPTY_JSON_BODY':
    case 'FST_ERR_CTP_INVALID_JSON_BODY':
      return failure(
        'invalid_json',
        'body',
        'the body is not valid JSON',
        'send one JSON object, without __proto__ or constructor keys',
      )
  }
  if (error instanceof SyntaxError && statusCode === 400) {
    return failure(
      'invalid_json',
      'body',
      'the body is not valid JSON',
      'send one JSON object, without __proto__ or constructor keys',
    )
  }
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) {
    return failure(
      'bad_http',
      'request',
      'this is not a request that can be read',
      'check URL, headers and length of the body',
    )
  }
  return failure(
    'internal_error',
    'server',
    'something failed that should not',
    'try again; the log of the server says more',
    error,
  )
}
