import ts from 'typescript'

export interface ImportFact {
  readonly specifier: string
  readonly line: number
  /** Erased before it runs: `import type`, `export type … from`, `import('…').Type`. */
  readonly typeOnly: boolean
}

export interface Sighting {
  readonly what: string
  readonly line: number
}

/** What the house rules want to know of one source file. */
export interface SourceFacts {
  readonly imports: readonly ImportFact[]
  readonly onlyReExports: boolean
  readonly environment: readonly Sighting[]
  readonly clockOrChance: readonly Sighting[]
}

const RANDOM_OF_CRYPTO = /^(random(UUID|Bytes|Int|Fill|FillSync)|getRandomValues)$/

/**
 * Reads the facts off the syntax tree, so comments and strings never count. Every way to name another module
 * is an import: static, dynamic, `require`, a type, and `new URL('./worker.ts', import.meta.url)`.
 */
export const readFacts = (path: string, text: string): SourceFacts => {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true)
  const imports: ImportFact[] = []
  const environment: Sighting[] = []
  const clockOrChance: Sighting[] = []
  const lineOf = (node: ts.Node) => source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1

  const visit = (node: ts.Node): void => {
    const found = importOf(node)
    if (found) imports.push({ ...found, line: lineOf(node) })
    const reads = environmentRead(node)
    if (reads) environment.push({ what: reads, line: lineOf(node) })
    const impure = clockOrChanceOf(node)
    if (impure) clockOrChance.push({ what: impure, line: lineOf(node) })
    ts.forEachChild(node, visit)
  }
  visit(source)
  return { imports, environment, clockOrChance, onlyReExports: hasOnlyReExports(source) }
}

const importOf = (node: ts.Node): { specifier: string; typeOnly: boolean } | undefined => {
  if (ts.isImportDeclaration(node)) {
    return named(node.moduleSpecifier, node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword)
  }
  if (ts.isExportDeclaration(node)) return named(node.moduleSpecifier, node.isTypeOnly)
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument))
    return named(node.argument.literal, true)
  if (ts.isCallExpression(node)) {
    const loads =
      node.expression.kind === ts.SyntaxKind.ImportKeyword || node.expression.getText() === 'require'
    return loads ? named(node.arguments[0], false) : undefined
  }
  if (ts.isNewExpression(node) && node.arguments?.[1]?.getText() === 'import.meta.url') {
    const target = named(node.arguments[0], false)
    return target && /\.[cm]?[jt]s$/.test(target.specifier) ? target : undefined
  }
  return undefined
}

const named = (node: ts.Node | undefined, typeOnly: boolean) =>
  node && ts.isStringLiteralLike(node) ? { specifier: node.text, typeOnly } : undefined

const environmentRead = (node: ts.Node): string | undefined => {
  if (memberOf(node, 'process') === 'env') return 'process.env'
  if (ts.isVariableDeclaration(node) && ts.isObjectBindingPattern(node.name)) {
    const takes = node.name.elements.some((one) => (one.propertyName ?? one.name).getText() === 'env')
    if (takes && node.initializer?.getText() === 'process') return '{ env } = process'
  }
  if (ts.isImportSpecifier(node) && (node.propertyName ?? node.name).text === 'env') {
    const from = node.parent.parent.parent.moduleSpecifier
    if (ts.isStringLiteral(from) && /^(node:)?process$/.test(from.text)) return 'env of node:process'
  }
  return undefined
}

const clockOrChanceOf = (node: ts.Node): string | undefined => {
  if (memberOf(node, 'Date') === 'now') return 'Date.now'
  if (memberOf(node, 'Math') === 'random') return 'Math.random'
  if (memberOf(node, 'performance') === 'now') return 'performance.now'
  if (memberOf(node, 'process') === 'hrtime') return 'process.hrtime'
  if (ts.isNewExpression(node) && node.expression.getText() === 'Date' && !node.arguments?.length) {
    return 'new Date()'
  }
  // Called as a function, Date ignores its arguments and tells the time.
  if (ts.isCallExpression(node) && node.expression.getText() === 'Date') return 'Date()'
  return ts.isIdentifier(node) && RANDOM_OF_CRYPTO.test(node.text) ? node.text : undefined
}

/** The name in `owner.name`, `owner['name']` and `globalThis.owner.name`. */
const memberOf = (node: ts.Node, owner: string): string | undefined => {
  const of = (expression: ts.Expression) => expression.getText().replace(/^globalThis\??\./, '') === owner
  if (ts.isPropertyAccessExpression(node) && of(node.expression)) return node.name.text
  if (ts.isElementAccessExpression(node) && of(node.expression)) {
    return ts.isStringLiteralLike(node.argumentExpression) ? node.argumentExpression.text : undefined
  }
  return undefined
}

const hasOnlyReExports = ({ statements }: ts.SourceFile): boolean =>
  statements.some(ts.isExportDeclaration) &&
  statements.every((one) => ts.isExportDeclaration(one) || ts.isImportDeclaration(one))
