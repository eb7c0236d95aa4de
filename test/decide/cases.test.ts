import { describe, expect, it } from 'vitest'
import { CHANGE_KINDS } from '../../src/domain/change.ts'
import { COUNTED_PER } from '../../src/domain/contact-policy.ts'
import { ARMS } from '../../src/domain/experiment.ts'
import { EXPLORATION_METHODS } from '../../src/domain/exploration.ts'
import { REASONS, SLATE_CODES } from '../../src/domain/reason-sentences.ts'
import { CASES, decideCase, inWords } from './case.ts'

const sorted = (names: Iterable<string>) => [...new Set(names)].sort()

/** Every path of keys in a value, lists seen through: `contactPolicies.after.outcome`. */
function pathsOf(value: unknown, path = ''): string[] {
  if (Array.isArray(value)) return value.flatMap((item) => pathsOf(item, path))
  if (typeof value !== 'object' || value === null) return [path]
  return [path, ...Object.entries(value).flatMap(([key, item]) => pathsOf(item, `${path}.${key}`))]
}

describe('golden decisions', () => {
  it.each(CASES.map(([file, one]) => [one.story, file, one] as const))('%s', async (_, file, one) => {
    expect(inWords(await decideCase(one), one.language), file).toEqual(one.expected)
  })

  it('show every reason, every code of a slate and every kind of change at least once', async () => {
    const decisions = await Promise.all(CASES.map(([, one]) => decideCase(one)))
    const verdicts = decisions.flatMap((decision) => decision.verdicts)
    const reasons = verdicts.flatMap((verdict) => verdict.reasons.map(({ code }) => code))
    const codes = decisions.flatMap(({ slates }) => slates.flatMap(({ code }) => code ?? []))
    const changes = verdicts.flatMap((verdict) => verdict.changes.map(({ kind }) => kind))
    expect(sorted(reasons)).toEqual(sorted(Object.keys(REASONS)))
    expect(sorted(codes)).toEqual(sorted(Object.keys(SLATE_CODES)))
    expect(sorted(changes)).toEqual(sorted(CHANGE_KINDS))
  })

  it('show every method of exploration and every arm at least once', async () => {
    const decisions = await Promise.all(CASES.map(([, one]) => decideCase(one)))
    expect(sorted(decisions.map(({ arm }) => arm))).toEqual(sorted(ARMS))
    const methods = CASES.flatMap(
      ([, { catalogue }]) =>
        (catalogue as { exploration?: { method: string } }).exploration?.method ?? 'greedy',
    )
    expect(sorted(methods)).toEqual(sorted(EXPLORATION_METHODS))
    const statuses = decisions.flatMap(({ slates }) => slates.map(({ status }) => status))
    expect(sorted(statuses)).toEqual(['empty', 'fallback', 'filled', 'partial'])
  })

  it('write every key of contact policy, quiet hours, purposes, wishes and choosing at least once', () => {
    const written = new Set(
      CASES.flatMap(([, one]) => [...pathsOf(one.catalogue), ...pathsOf(one.wishes, '.wishes')]),
    )
    const policy = ['id', 'per', 'max', 'window', 'suppressFor']
    const keys = [
      ...policy.map((key) => `.contactPolicies.${key}`),
      ...['channel', 'placement', 'tier', 'kind', 'group', 'action'].map(
        (key) => `.contactPolicies.where.${key}`,
      ),
      ...['outcome', 'times', 'within', 'without'].map((key) => `.contactPolicies.after.${key}`),
      ...['timeZone', 'refusedTopics', 'pace.channel', 'pace.max', 'pace.window'].map(
        (key) => `.wishes.${key}`,
      ),
      ...['pauses.channel', 'pauses.until'].map((key) => `.wishes.${key}`),
      '.defaults.historyHorizon',
    ]
    expect(keys.filter((key) => !written.has(key))).toEqual([])
    const named = [...written].map((path) => path.replace(/^\.(channels|purposes)\.[^.]+/, '.$1.*'))
    for (const key of ['from', 'to', 'timeZones', 'except'])
      expect(named).toContain(`.channels.*.quietHours.${key}`)
    for (const key of ['basis', 'default']) expect(named).toContain(`.purposes.*.${key}`)
    const choosing = [
      ...['powers', 'leverBound', 'contextWeights.when', 'contextWeights.where', 'contextWeights.weight'].map(
        (key) => `.arbitration.${key}`,
      ),
      ...['method', 'epsilon', 'temperature'].map((key) => `.exploration.${key}`),
      ...['holdout', 'random'].map((arm) => `.experiments.${arm}.share`),
      ...['.experiments.holdout.rotate', '.models.challenger.share', '.placements.allowRepeats'],
      ...['.groups.maxPerSlate', '.groups.lever', '.actions.lever', '.channels.*.lever'],
    ]
    expect(choosing.filter((key) => !named.includes(key))).toEqual([])
    const pers = CASES.flatMap(([, { catalogue }]) =>
      ((catalogue as { contactPolicies?: { per: string }[] }).contactPolicies ?? []).map(({ per }) => per),
    )
    expect(sorted(pers)).toEqual(sorted(COUNTED_PER))
  })
})
