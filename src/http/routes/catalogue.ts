import type { FastifyPluginAsync } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import * as z from 'zod'
import { failure } from '../../domain/errors.ts'
import type { Catalogues } from '../../serving/catalogues.ts'
import { problems } from '../problem-responses.ts'
import { bePatient, expectedVersions, sendDocument, toPublished } from '../publishing.ts'
import {
  checkedSchema,
  documentBodySchema,
  documentSchema,
  ifMatchHeaderSchema,
  pretty,
  publishedSchema,
  publishQuerySchema,
  toChange,
} from '../schemas/catalogue.ts'

/** Ten thousand actions with two treatments each are about 8 MB. */
const MAX_DOCUMENT_BYTES = 32 * 1024 * 1024
const DOCUMENT_TYPES = ['application/json', 'application/yaml']

/** What serves, what would serve, and publishing. Documents come in as text, so that faults have their place in it. */
export function catalogueRoutes(catalogues: Catalogues): FastifyPluginAsync {
  return async (plain) => {
    plain.removeAllContentTypeParsers()
    const checked = plain.validatorCompiler!
    // The text is held against the schema where its lines are known.
    plain.setValidatorCompiler((part) =>
      part.httpPart === 'body' ? (text: unknown) => ({ value: text }) : checked(part),
    )
    plain.addContentTypeParser(
      [...DOCUMENT_TYPES, 'application/x-yaml', 'text/yaml'],
      { parseAs: 'buffer' },
      (_, body, done) => done(null, body),
    )
    const app = plain.withTypeProvider<ZodTypeProvider>()
    app.get(
      '/v1/catalogue',
      {
        schema: {
          operationId: 'readCatalogue',
          summary: 'The document that serves now; its version is the ETag',
          tags: ['catalogue'],
          querystring: z.strictObject(pretty),
          response: { 200: documentSchema, ...problems(400, 403, 503) },
        },
      },
      async (http, reply) => {
        const { version } = await catalogues.serving()
        return sendDocument(http, reply, version, catalogues)
      },
    )
    app.put(
      '/v1/catalogue',
      {
        bodyLimit: MAX_DOCUMENT_BYTES,
        schema: {
          operationId: 'publishCatalogue',
          summary:
            'Publish a document; every process serves it within a second, or the old one if it is refused',
          tags: ['catalogue'],
          consumes: DOCUMENT_TYPES,
          querystring: publishQuerySchema,
          headers: ifMatchHeaderSchema,
          body: documentBodySchema,
          response: { 200: publishedSchema, ...problems(400, 403, 412, 413, 415, 422, 428, 503) },
        },
      },
      async (http, reply) => {
        bePatient(http)
        const expected = expectedVersions(http.headers['if-match'])
        const published = await catalogues.publish(textOf(http.body), {
          expected,
          note: http.query.note ?? null,
        })
        return toPublished(reply, published)
      },
    )
    app.post(
      '/v1/catalogue/validate',
      {
        bodyLimit: MAX_DOCUMENT_BYTES,
        schema: {
          operationId: 'validateCatalogue',
          summary: 'Check a document without publishing it: every fault at once, or what it would change',
          tags: ['catalogue'],
          consumes: DOCUMENT_TYPES,
          querystring: z.strictObject(pretty),
          body: documentBodySchema,
          response: { 200: checkedSchema, ...problems(400, 403, 413, 415, 422, 503) },
        },
      },
      async (http) => {
        bePatient(http)
        const { catalogue, changes } = await catalogues.check(textOf(http.body))
        return {
          version: catalogue.version,
          actions: catalogue.actions.length,
          placements: catalogue.placements.size,
          changes: changes.map(toChange),
          notices: [...catalogue.notices],
        }
      },
    )
  }
}

/** Bytes that are no text are refused: read as best they can be, they would become another document. */
function textOf(body: unknown): string {
  const text = Buffer.isBuffer(body) ? decoded(body) : ''
  if (text.trim() !== '') return text
  throw failure('invalid_request', 'body', 'there is no document', 'send the catalogue as YAML or JSON')
}

function decoded(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (cause) {
    const remedy = 'save the document in this encoding, and send it uncompressed'
    throw failure('invalid_request', 'body', 'the body is not valid UTF-8', remedy, cause)
  }
}
