import type { FastifyPluginAsync } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import type { Customers } from '../../customers/change-customer.ts'
import type { CustomerId } from '../../domain/ids.ts'
import { problems } from '../problem-responses.ts'
import {
  customerChangeSchema,
  customerParamsSchema,
  customerSchema,
  toCustomer,
  toWantedChange,
} from '../schemas/customer.ts'

/** `GET` and `PUT /v1/customers/{id}`. */
export function customerRoutes(customers: Customers): FastifyPluginAsync {
  return async (plain) => {
    const app = plain.withTypeProvider<ZodTypeProvider>()
    app.get(
      '/v1/customers/:id',
      {
        schema: {
          operationId: 'readCustomer',
          summary: 'Everything stored of a customer',
          tags: ['customers'],
          params: customerParamsSchema,
          response: { 200: customerSchema, ...problems(400, 403, 404, 503) },
        },
      },
      async (http, reply) => {
        const id = http.params.id as CustomerId
        void reply.header('cache-control', 'no-store')
        return toCustomer(id, await customers.read(id))
      },
    )
    app.put(
      '/v1/customers/:id',
      {
        schema: {
          operationId: 'changeCustomer',
          summary: 'Add or change attributes, preferences and features; the next decision uses them',
          tags: ['customers'],
          params: customerParamsSchema,
          body: customerChangeSchema,
          response: { 200: customerSchema, ...problems(400, 403, 409, 413, 415, 422, 503) },
        },
      },
      async (http, reply) => {
        const id = http.params.id as CustomerId
        void reply.header('cache-control', 'no-store')
        return toCustomer(id, await customers.change(id, toWantedChange(http.body)))
      },
    )
  }
}
