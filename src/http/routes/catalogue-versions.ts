import type { FastifyPluginAsync } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import * as z from 'zod'
import type { Catalogues } from '../../serving/catalogues.ts'
import { problems } from '../problem-responses.ts'
import { bePatient, expectedVersions, sendDocument, toPublished } from '../publishing.ts'
import {
  comparedSchema,
  compareQuerySchema,
  documentSchema,
  ifMatchHeaderSchema,
  pretty,
  publishedSchema,
  rollbackSchema,
  toChange,
  toPublication,
  versionSchema,
  versionsQuerySchema,
  versionsSchema,
} from '../schemas/catalogue.ts'

/** The history of the catalogue: what served when, each document, what changed between two, and the way back. */
export function catalogueVersionRoutes(catalogues: Catalogues): FastifyPluginAsync {
  return async (plain) => {
    const app = plain.withTypeProvider<ZodTypeProvider>()
    app.get(
      '/v1/catalogue/versions',
      {
        schema: {
          operationId: 'listCatalogueVersions',
          summary: 'What was published when, newest first',
          tags: ['catalogue'],
          querystring: versionsQuerySchema,
          response: { 200: versionsSchema, ...problems(400, 403, 503) },
        },
      },
      async ({ query: { limit, before } }) => {
        const { version } = await catalogues.serving()
        const publications = await catalogues.publications(limit, before)
        return { serving: version, publications: publications.map(toPublication) }
      },
    )
    app.get(
      '/v1/catalogue/versions/:version',
      {
        schema: {
          operationId: 'readCatalogueVersion',
          summary: 'The document of a version',
          tags: ['catalogue'],
          params: z.object({ version: versionSchema }),
          querystring: z.strictObject(pretty),
          response: { 200: documentSchema, ...problems(400, 403, 404, 503) },
        },
      },
      async (http, reply) => {
        const { version } = http.params
        return sendDocument(http, reply, version, catalogues)
      },
    )
    app.get(
      '/v1/catalogue/diff',
      {
        schema: {
          operationId: 'compareCatalogues',
          summary: 'What changed between two versions, as a change note',
          tags: ['catalogue'],
          querystring: compareQuerySchema,
          response: { 200: comparedSchema, ...problems(400, 403, 404, 503) },
        },
      },
      async (http) => {
        bePatient(http)
        const { from, to } = http.query
        const compared = await catalogues.compare({ from, to })
        return { ...compared, changes: compared.changes.map(toChange) }
      },
    )
    app.post(
      '/v1/catalogue/rollback',
      {
        // Nobody in a hurry need send an empty object.
        preValidation: async (http) => {
          http.body ??= {}
        },
        schema: {
          operationId: 'rollBackCatalogue',
          summary: 'Serve an older version again: what served before, or the one you name',
          tags: ['catalogue'],
          querystring: z.strictObject(pretty),
          headers: ifMatchHeaderSchema,
          body: rollbackSchema,
          response: { 200: publishedSchema, ...problems(400, 403, 404, 412, 413, 415, 422, 428, 503) },
        },
      },
      async (http, reply) => {
        bePatient(http)
        const expected = expectedVersions(http.headers['if-match'])
        const { to, note = null } = http.body
        return toPublished(reply, await catalogues.rollback({ to, note, expected }))
      },
    )
  }
}
