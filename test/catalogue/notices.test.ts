import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { build, GOOD } from './good-document.ts'

const EXAMPLE = readFileSync(new URL('./whole-example.yaml', import.meta.url), 'utf8')
const notices = (text: string) => build(text).notices

describe('notices', () => {
  it('are none where everything is in effect', () => {
    expect(notices(GOOD)).toEqual([])
  })

  it('say of every kind that is not in effect how often it is written', () => {
    expect(notices(EXAMPLE.replace('value: 12.5', 'value: action.price * 0.3'))).toEqual([
      'defaults.historyHorizon is checked and kept, and not in effect in this version',
      'identities (3) are checked and kept, and not in effect in this version',
      'channels.confirmOn (2) are checked and kept, and not in effect in this version',
      'channels.holdFor (2) are checked and kept, and not in effect in this version',
      'channels.quietHours (1) are checked and kept, and not in effect in this version',
      'models.where (1) are checked and kept, and not in effect in this version',
      'models.challenger (1) are checked and kept, and not in effect in this version',
      'groups.maxPerSlate (1) are checked and kept, and not in effect in this version',
      'levers (1) are checked and kept, and not in effect in this version',
      'actions.value written as a rule (1) are checked and kept, and not in effect in this version',
      'actions.claims (1) are checked and kept, and not in effect in this version',
      'contactPolicies (4) are checked and kept, and not in effect in this version',
      'volumes (1) are checked and kept, and not in effect in this version',
      'arbitration is checked and kept, and not in effect in this version',
      'exploration is checked and kept, and not in effect in this version',
      'experiments are checked and kept, and not in effect in this version',
      'attribution is checked and kept, and not in effect in this version',
      'purposes (2) are in effect only by their default: no consent is known in this version',
      'nobody gets actions for a purpose that is denied by default: marketing',
    ])
  })

  it('count levers of channels, groups and actions together', () => {
    const text = EXAMPLE.replace('maxPerSlate: 1', 'lever: 0').replace('holdFor: 30m', 'lever: -5')
    expect(notices(text)).toContain('levers (3) are checked and kept, and not in effect in this version')
  })

  it('do not speak of greedy, which is what happens', () => {
    const text = EXAMPLE.replace('method: epsilon, epsilon: 0.03', 'method: greedy')
    expect(notices(text).filter((notice) => notice.includes('exploration'))).toEqual([])
  })

  it('do not speak of denial where every purpose is allowed by default', () => {
    const told = notices(EXAMPLE.replace('default: deny', 'default: allow'))
    expect(told.filter((notice) => notice.startsWith('purposes'))).toHaveLength(1)
    expect(told.filter((notice) => notice.startsWith('nobody'))).toEqual([])
  })

  it.each<[string, string, string]>([
    ['window: 7d }', 'window: 401d }', 'mail-fatigue'],
    ['within: 7d, without', 'within: 401d, without', 'seen-enough'],
    ['suppressFor: 30d', 'suppressFor: 401d', 'said-no'],
  ])('tell of what looks back further than is remembered: %s as %s', (passage, written, policy) => {
    const sentence = `contactPolicies that look back further than defaults.historyHorizon (400d) forget what is older: ${policy}`
    expect(notices(EXAMPLE.replace(passage, written))).toContain(sentence)
    expect(notices(EXAMPLE.replace(passage, written.replace('401d', '400d')))).not.toContain(sentence)
    expect(notices(EXAMPLE.replace(', historyHorizon: 400d', '').replace(passage, written))).toContain(
      sentence,
    )
  })
})
