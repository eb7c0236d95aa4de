import { Socket } from 'node:net'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { failure } from '../domain/errors.ts'
import type { Catalogues, Published } from '../serving/catalogues.ts'
import { toChange, toPublication } from './schemas/catalogue.ts'

/**
 * The versions of which one must serve; undefined for `*`, whatever does. Weak tags count, because proxies that compress
 * make them of strong ones, and so do bare versions.
 * @throws EmmaError without If-Match: two editors would overwrite one another unawares
 */
export function expectedVersions(ifMatch: string | undefined): readonly string[] | undefined {
  if (ifMatch === undefined || ifMatch.trim() === '') {
    throw failure(
      'precondition_required',
      'If-Match',
      'it is not said which version this replaces',
      'send the ETag of GET /v1/catalogue as If-Match, or * for whatever serves',
    )
  }
  return ifMatch.trim() === '*' ? undefined : tagsIn(ifMatch)
}

/** Answers a catalogue document as JSON or YAML, or 304 to who has this version already: it is then not even read. */
export async function sendDocument(
  http: FastifyRequest,
  reply: FastifyReply,
  version: string,
  catalogues: Pick<Catalogues, 'document' | 'asYaml'>,
) {
  void reply.header('etag', `"${version}"`).header('cache-control', 'no-cache').header('vary', 'accept')
  const known = tagsIn(http.headers['if-none-match'] ?? '')
  if (known.includes(version)) return reply.code(304).send()
  const document = await catalogues.document(version)
  if (known.includes('*')) return reply.code(304).send()
  if (!prefersYaml(http.headers.accept ?? '')) return reply.send(document)
  const yaml = await catalogues.asYaml(document)
  return reply
    .type('application/yaml; charset=utf-8')
    .serializer((text: string) => text)
    .send(yaml)
}

/** `W/"a", "b"` as a and b. */
function tagsIn(header: string): string[] {
  return header.split(',').flatMap((tag) => {
    const version = tag.trim().replace(/^(?:W\/)?"(.*)"$/, '$1')
    return version === '' ? [] : [version]
  })
}

/** Whether YAML is named and JSON is not wanted more. */
function prefersYaml(accept: string): boolean {
  const wanted = { yaml: 0, json: 0 }
  for (const range of accept.split(',')) {
    const [, kind] = /^\s*(?:application|text)\/(?:x-|vnd\.)?(yaml|json)\s*(?:;|$)/i.exec(range) ?? []
    if (kind === undefined) continue
    const quality = Number(/;\s*q=([\d.]+)/i.exec(range)?.[1] ?? 1)
    const name = kind.toLowerCase() as keyof typeof wanted
    wanted[name] = Math.max(wanted[name], quality)
  }
  return wanted.yaml > 0 && wanted.yaml >= wanted.json
}

/** What a publication answers. */
export function toPublished(reply: FastifyReply, { published, publication, changes, notices }: Published) {
  void reply.header('etag', `"${publication.version}"`).header('cache-control', 'no-store')
  return {
    published,
    publication: toPublication(publication),
    changes: changes.map(toChange),
    notices: [...notices],
  }
}

/** Nothing goes over the connection while a large document is checked: that may last longer than an idle one is kept. */
export function bePatient({ raw }: FastifyRequest): void {
  // A request that is injected comes over no connection.
  if (raw.socket instanceof Socket) raw.socket.setTimeout(0)
}
