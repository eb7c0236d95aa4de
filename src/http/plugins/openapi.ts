import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import type { FastifyInstance } from 'fastify'
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod'

/** OpenAPI 3.1 from the zod schemas that validate, and its page at `/docs`. */
export async function registerOpenApi(app: FastifyInstance, version: string): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Emma',
        version,
        description:
          'Which offer or activity is right for this customer, on this channel, now. `?pretty` indents any answer.',
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      // Relative: the page at /docs then asks the Emma that served it, whatever its port.
      servers: [{ url: '/' }],
      tags: [
        { name: 'decisions', description: 'Ask what is right' },
        {
          name: 'catalogue',
          description: 'What a marketer writes: checked, published, compared, rolled back',
        },
        { name: 'run time', description: 'Stock, prices and switches while a catalogue version serves' },
        { name: 'customers', description: 'What is known of a customer' },
        { name: 'health', description: 'Probes and metrics' },
      ],
    },
    transform: jsonSchemaTransform,
    transformObject: (parts) => withoutUnused(jsonSchemaTransformObject(parts) as ApiDocument),
  })
  await app.register(swaggerUi, {
    routePrefix: '/docs',
    staticCSP: true,
    // The page is about Emma; the bar on top only advertises the viewer.
    theme: {
      title: 'Emma',
      css: [{ filename: 'emma.css', content: '.swagger-ui .topbar { display: none }' }],
    },
  })
}

interface ApiDocument {
  readonly components?: { readonly schemas?: Readonly<Record<string, object>> }
}

/** Every named schema is described as input and as output; only what the operations lead to is kept, by name. */
function withoutUnused<T extends ApiDocument>(document: T): T {
  const { schemas = {}, ...components } = document.components ?? {}
  const used = new Set<string>()
  const follow = (value: unknown) => {
    for (const [, name] of JSON.stringify(value).matchAll(/"#\/components\/schemas\/([^"]+)"/g)) {
      if (used.has(name!)) continue
      used.add(name!)
      follow(schemas[name!] ?? {})
    }
  }
  follow({ ...document, components })
  const kept = Object.fromEntries([...used].sort().map((name) => [name, schemas[name]!]))
  return { ...document, components: { ...components, schemas: kept } }
}
