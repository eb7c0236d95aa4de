/** What is known of a customer: one JSON document in Redis. */
export interface Profile {
  readonly attributes: {
    readonly country: string
    readonly age: number
    readonly clubMember: boolean
    readonly firstName: string
    readonly since: number
  }
  /** By purpose. `at` is RFC 3339. */
  readonly consents: Readonly<Record<string, { readonly state: 'granted' | 'refused'; readonly at: string }>>
  /** What was rejected when, by action. RFC 3339. */
  readonly rejected: Readonly<Record<string, string>>
  readonly features: Readonly<Record<string, number>>
}

export const profileKey = (customer: string) => `profile:${customer}`
