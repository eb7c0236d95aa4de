import type { FastifyReply } from 'fastify'
import { failure } from '../domain/errors.ts'
import type { Published } from '../serving/catalogues.ts'
import { toChange, toPublication } from './schemas/catalogue.ts'

/** Without If-Match two editors would overwrite one another unawares. */
export function expectedVersion(ifMatch: string | undefined): string | undefined {
  if (ifMatch === undefined) {
    throw failure(
      'precondition_required',
      'If-Match',
      'it is not said which version this replaces',
      'send the ETag of GET /v1/catalogue as If-Match, or * for whatever serves',
    )
  }
  if (ifMatch.trim() === '*') return undefined
  return ifMatch
    .trim()
    .replace(/^W\//, '')
    .replace(/^"(.*)"$/, '$1')
}

/** The version as ETag: what If-Match asks for. */
export function tag(reply: FastifyReply, version: string): void {
  void reply.header('etag', `"${version}"`)
}

/** What a publication answers. */
export function toPublished(reply: FastifyReply, { publication, changes, notices }: Published) {
  tag(reply, publication.version)
  void reply.header('cache-control', 'no-store')
  return {
    publication: toPublication(publication),
    changes: changes.map(toChange),
    notices: [...notices],
  }
}
