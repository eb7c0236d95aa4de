export type Scalar = string | number | boolean
export type Attributes = Readonly<Record<string, Scalar>>
export type AttributeType = 'number' | 'string' | 'bool'

/** The declared type of a customer attribute or a context field. */
export interface TypeSpec {
  readonly type: AttributeType
  readonly default?: Scalar
}
