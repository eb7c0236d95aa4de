import type { Command } from 'commander'
import { checkModel } from '../../scoring/check-model.ts'
import { group } from '../group.ts'

export function registerModelCheck(program: Command): void {
  group(program, 'model', 'check models')
    .command('check')
    .argument('<folder>', 'model folder, such as models/sample-shop/1')
    .description('run every check that a model must pass before it serves')
    .action(check)
}

async function check(folder: string): Promise<void> {
  const checks = await checkModel(folder, () => performance.now())
  for (const { name, passed, detail } of checks) console.log(`  ${passed ? '✓' : '✗'} ${name}: ${detail}`)
  const failed = checks.filter((one) => !one.passed).length
  console.log(
    failed === 0
      ? 'the model may serve'
      : `the model may not serve: ${failed} of ${checks.length} checks failed`,
  )
  if (failed > 0) process.exitCode = 1
}
