import { problemSchema } from './schemas/problem.ts'

interface ProblemResponse {
  readonly description: string
  readonly content: { readonly 'application/problem+json': { readonly schema: typeof problemSchema } }
}

/** The documented failures of a route, by status. */
export function problems<Status extends number>(...statuses: Status[]): Record<Status, ProblemResponse> {
  const response: ProblemResponse = {
    description: 'What is wrong, where, and what to do',
    content: { 'application/problem+json': { schema: problemSchema } },
  }
  return Object.fromEntries(statuses.map((status) => [status, response])) as Record<Status, ProblemResponse>
}
