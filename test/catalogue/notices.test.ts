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
    expect(notices(EXAMPLE)).toEqual([
      'identities (3) are checked and kept, and not in effect in this version',
      'models.where (1) are checked and kept, and not in effect in this version',
      'actions.claims (1) are checked and kept, and not in effect in this version',
      'attribution is checked and kept, and not in effect in this version',
      'block complaint-first reads customer.openComplaint, which is not used for customers who refuse personalisation: give it a purpose under types',
    ])
  })

  it('do not speak of what blocks read under a purpose of its own', () => {
    const ofBlocks = (text: string) => notices(text).filter((notice) => notice.startsWith('block'))
    expect(
      ofBlocks(EXAMPLE.replace('type: bool, default: false', 'type: bool, default: false, purpose: service')),
    ).toEqual([])
    expect(
      ofBlocks(
        EXAMPLE.replace(
          'when: customer.openComplaint',
          'when: "customer.age < 3 || customer.country == \'X\'"',
        ),
      ),
    ).toEqual([
      'block complaint-first reads customer.age, customer.country, which is not used for customers who refuse personalisation: give it a purpose under types',
    ])
  })

  it('tell of windows that reach beyond what is known exactly', () => {
    const told = (window: string) =>
      notices(EXAMPLE.replace('window: 7d }', `window: ${window} }`)).filter((notice) =>
        notice.includes('92 days'),
      )
    expect(told('92d')).toEqual([])
    expect(told('93d')).toEqual([
      'contactPolicies that look back further than 92 days know what is older by the day only, and count it for the whole day: mail-fatigue',
    ])
  })

  it.each<[string, string, string]>([
    [
      'holdout: { share: 0 }',
      'holdout: { share: 1 }',
      'experiments.holdout takes everybody: nobody gets retention or marketing',
    ],
    ['share: 0.1', 'share: 0', 'models.challenger has a share of 0: it is checked, and scores nobody'],
    ['lever: 10', 'lever: -26', 'levers beyond arbitration.leverBound (0.25) are held at it: 1 of 1'],
    [
      'holdFor: 30m',
      'holdFor: 8d',
      'channels whose holdFor is longer than 7 days keep room of caps and volumes for what may never come: web',
    ],
    [
      'confirmOn: impression',
      'confirmOn: click',
      'channels whose confirmOn comes after an impression are confirmed by the impression all the same: web',
    ],
    [
      '{ action: winter-boots }, max: 500',
      '{ action: winter-boots, channel: email, tier: service }, max: 500',
      'volumes that no action takes from, in no placement: boots',
    ],
    [
      'per: day, pacing: even',
      'per: total, pacing: even',
      'volumes with pacing even and per total are not spread, for a total has no end: boots',
    ],
  ])('tell of what is hardly meant: %s as %s', (passage, written, sentence) => {
    const meant = EXAMPLE.replace('random: { share: 0.02, rotate: month }', 'random: { share: 0 }')
    expect(notices(meant)).not.toContain(sentence)
    expect(notices(meant.replace(passage, written))).toContain(sentence)
  })

  it('leave alone what is written to the limit', () => {
    const untouched = notices(EXAMPLE)
    expect(notices(EXAMPLE.replace('holdFor: 30m', 'holdFor: 7d'))).toEqual(untouched)
    expect(notices(EXAMPLE.replace('confirmOn: impression', 'confirmOn: presented'))).toEqual(untouched)
    expect(notices(EXAMPLE.replace('per: day, pacing: even', 'per: total, pacing: asap'))).toEqual(untouched)
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
