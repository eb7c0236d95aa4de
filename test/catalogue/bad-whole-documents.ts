import type { Mistake } from './bad-documents.ts'

/** Mistakes in what the whole example writes, and every sentence that then refuses it. */
export const BAD_WHOLE_DOCUMENTS: Readonly<Record<string, readonly Mistake[]>> = {
  'defaults, purposes and identities': [
    [
      'historyHorizon: 400d',
      'historyHorizon: 400',
      ['shop.yaml:2:68 (defaults.historyHorizon): this is not a text; make it a text'],
    ],
    [
      'historyHorizon: 400d',
      'historyHorizon: 3651d',
      ['shop.yaml:2:68 (defaults.historyHorizon): must be at most ten years (3650d); correct it'],
    ],
    [
      'currency: EUR',
      'currency: XQZ',
      ['shop.yaml:2:13 (defaults.currency): must be an ISO 4217 code such as EUR; correct it'],
    ],
    [
      'basis: consent',
      'basis: agreed',
      [
        'shop.yaml:6:26 (purposes.marketing.basis): this value is not one of those allowed; use "consent" or "contract" or "legalObligation" or "vitalInterest" or "publicTask" or "legitimateInterest"',
      ],
    ],
    [
      'basis: consent, ',
      '',
      [
        'shop.yaml:6:13 (purposes.marketing.basis): this is missing; write "consent" or "contract" or "legalObligation" or "vitalInterest" or "publicTask" or "legitimateInterest"',
      ],
    ],
    [
      'default: deny',
      'default: ask',
      [
        'shop.yaml:6:42 (purposes.marketing.default): this value is not one of those allowed; use "allow" or "deny"',
      ],
    ],
    [
      'unique: false, ttl: 30d',
      'unique: no, ttl: 30d',
      ['shop.yaml:8:75 (identities.cookie.unique): this is not true or false; make it true or false'],
    ],
    [
      'unique: false, ttl: 30d',
      'ttl: 0d',
      [
        'shop.yaml:8:65 (identities.cookie.unique): this is missing; give it true or false',
        'shop.yaml:8:75 (identities.cookie.ttl): must be like 30s, 30m, 24h, 7d or 2w; correct it',
      ],
    ],
    [
      'loyaltyCard: {',
      'loyalty card: {',
      [
        'shop.yaml:8:5 (identities.loyalty card): must be an identifier: letters, digits, underscores; correct the name',
      ],
    ],
  ],
  channels: [
    [
      'confirmOn: impression',
      'confirmOn: bounced',
      [
        'shop.yaml:10:30 (channels.web.confirmOn): this value is not one of those allowed; use "sent" or "presented" or "impression" or "click" or "dismiss" or "later" or "reject" or "accept" or "conversion"',
      ],
    ],
    [
      'holdFor: 30m',
      'holdFor: 30min',
      ['shop.yaml:10:53 (channels.web.holdFor): must be like 30s, 30m, 24h, 7d or 2w; correct it'],
    ],
    [
      'from: "22:00"',
      'from: "24:00"',
      ['shop.yaml:11:78 (channels.email.quietHours.from): must be a time of day such as "22:00"; correct it'],
    ],
    [
      'from: "22:00"',
      'from: 2200',
      ['shop.yaml:11:78 (channels.email.quietHours.from): this is not a text; make it a text'],
    ],
    [
      'from: "22:00"',
      'from: "08:00"',
      [
        'shop.yaml:11:93 (channels.email.quietHours.to): quiet hours end when they begin; let to differ from from, or remove quietHours',
      ],
    ],
    [
      ', to: "08:00"',
      '',
      ['shop.yaml:11:64 (channels.email.quietHours.to): this is missing; give it a text'],
    ],
    [
      'to: "08:00" }',
      'to: "08:00", timeZones: [Europe/Berln] }',
      [
        'shop.yaml:11:118 (channels.email.quietHours.timeZones.0): must be an IANA time zone such as Europe/Berlin; correct it',
      ],
    ],
    [
      'to: "08:00" }',
      'to: "08:00", timeZones: [] }',
      ['shop.yaml:11:106 (channels.email.quietHours.timeZones): this is empty; write at least one'],
    ],
    [
      'to: "08:00" }',
      'to: "08:00", except: advertising }',
      [
        'shop.yaml:11:106 (channels.email.quietHours.except): must be a tier (mandatory, service, retention, marketing) or a list of them; correct it',
      ],
    ],
    [
      'default: false } }',
      'default: false, purpose: advertising } }',
      [
        'shop.yaml:4:109 (types.customer.openComplaint.purpose): purpose "advertising" is not in the catalogue; use one of marketing, service, or declare it under purposes',
      ],
    ],
    [
      'intent: { type: string, default: "" }',
      'intent: { type: string, default: "", purpose: service }',
      [
        'shop.yaml:5:51 (types.context.intent.purpose): unknown key "purpose"; remove it or correct its spelling',
      ],
    ],
    [
      'confirmOn: impression',
      'lever: 1001',
      ['shop.yaml:10:30 (channels.web.lever): this is more than 1000; at most 1000'],
    ],
    [
      'confirmOn: impression',
      'maxPerSlate: 1',
      [
        'shop.yaml:10:30 (channels.web.maxPerSlate): unknown key "maxPerSlate"; remove it or correct its spelling',
      ],
    ],
  ],
  'blocks and models': [
    [
      'when: customer.openComplaint',
      'wehn: customer.openComplaint',
      [
        'shop.yaml:13:10 (blocks.0.when): this is missing; give it a text',
        'shop.yaml:13:50 (blocks.0.wehn): unknown key "wehn"; remove it or correct its spelling',
      ],
    ],
    [
      'when: customer.openComplaint',
      'when: ""',
      ['shop.yaml:13:50 (blocks.0.when): this is empty; write at least one'],
    ],
    [
      'tier: marketing, when',
      'tier: sales, when',
      [
        'shop.yaml:13:33 (blocks.0.tier): must be a tier (mandatory, service, retention, marketing) or a list of them; correct it',
      ],
    ],
    [
      'tier: marketing, when',
      'tier: [], when',
      ['shop.yaml:13:33 (blocks.0.tier): this is empty; write at least one'],
    ],
    [
      'tier: marketing, when',
      'tier: [marketing, sales], when',
      [
        'shop.yaml:13:51 (blocks.0.tier.1): this value is not one of those allowed; use "mandatory" or "service" or "retention" or "marketing"',
      ],
    ],
    [
      'when: customer.openComplaint',
      'when: customer.openComplaints',
      [
        'shop.yaml:13:56 (blocks.0.when): customer.openComplaints is not declared under types.customer; did you mean customer.openComplaint?',
      ],
    ],
    [
      'when: customer.openComplaint',
      'when: live.stock > 0',
      [
        'shop.yaml:13:56 (blocks.0.when): live means nothing here; this rule may name customer, features, context, channel, now',
      ],
    ],
    [
      'channel: [web, email]',
      'channel: [web, emial]',
      [
        'shop.yaml:14:46 (models.0.where.channel.1): channel "emial" is not in the catalogue; did you mean "email"?',
      ],
    ],
    [
      'channel: [web, email]',
      'chanel: web',
      ['shop.yaml:14:31 (models.0.where.chanel): unknown key "chanel"; remove it or correct its spelling'],
    ],
    [
      'where: { channel: [web, email] }, challenger',
      'where: {}, challenger',
      [
        'shop.yaml:14:22 (models.0.where): this fits nothing; write at least one of channel, placement, tier, kind, group, action',
      ],
    ],
    [
      'share: 0.1',
      'share: 1.1',
      ['shop.yaml:14:85 (models.0.challenger.share): this is more than 1; at most 1'],
    ],
    [
      'id: shop-next',
      'id: shop',
      [
        'shop.yaml:14:70 (models.0.challenger.id): the model is its own challenger; name another model, or remove challenger',
      ],
    ],
    ...['./shop', 'shop/', '..', 'a\\\\b'].map((path): [string, string, string[]] => [
      'id: shop-next',
      `id: "${path}"`,
      [
        'shop.yaml:14:70 (models.0.challenger.id): must be the name of a folder under MODELS, without a slash; correct it',
      ],
    ]),
    [
      'when: customer.openComplaint }]',
      'when: customer.openComplaint }, { id: complaint-first, tier: service, when: "true" }]',
      ['shop.yaml:13:84 (blocks.1.id): a second block is called "complaint-first"; give each its own id'],
    ],
  ],
  'groups and actions': [
    [
      'maxPerSlate: 1',
      'maxPerSlate: 0',
      ['shop.yaml:17:23 (groups.0.maxPerSlate): this is less than 1; at least 1'],
    ],
    [
      'maxPerSlate: 1',
      'lever: -101',
      ['shop.yaml:17:23 (groups.0.lever): this is less than -100; at least -100'],
    ],
    [
      'maxPerSlate: 1',
      'purpose: marketting',
      [
        'shop.yaml:17:23 (groups.0.purpose): purpose "marketting" is not in the catalogue; did you mean "marketing"?',
      ],
    ],
    [
      'lever: 10 ',
      'lever: "10" ',
      ['shop.yaml:25:5 (actions.0.lever): this is not a finite number; make it a finite number'],
    ],
    [
      'purpose: marketing',
      'purpose: sales',
      [
        'shop.yaml:32:5 (actions.0.purpose): purpose "sales" is not in the catalogue; use one of marketing, service, or declare it under purposes',
      ],
    ],
    [
      'purposes: { marketing: { basis: consent, default: deny }, service: { basis: contract, default: allow } }\n',
      '',
      [
        'shop.yaml:31:5 (actions.0.purpose): purpose "marketing" is not in the catalogue; declare it under purposes',
      ],
    ],
    [
      'group: shoes\n',
      'group: shoe\n',
      ['shop.yaml:23:5 (actions.0.group): group "shoe" is not in the catalogue; did you mean "shoes"?'],
    ],
    [
      'claims: item.category == "boots"',
      'claims: 1',
      ['shop.yaml:33:5 (actions.0.claims): this is not a text; make it a text'],
    ],
    [
      'value: 12.5',
      'value: action.prise * 0.3',
      [
        'shop.yaml:24:12 (actions.0.value): no action that this rule is for has an attribute prise; did you mean action.price?',
      ],
    ],
    [
      'value: 12.5',
      'value: action.category',
      [
        'shop.yaml:24:12 (actions.0.value): this must give a number, it gives a string; write a number or a calculation',
      ],
    ],
    [
      'attributes: { category: shoes',
      'attributes: { kind: shoes',
      [
        'shop.yaml:28:19 (actions.0.attributes.kind): an attribute cannot be called "kind": action.kind is the action’s own; give it another name',
      ],
    ],
    [
      'attributes: { category: shoes',
      'attributes: { id: 1, tier: 2, group: 3, category: shoes',
      [
        'shop.yaml:28:19 (actions.0.attributes.id): an attribute cannot be called "id": action.id is the action’s own; give it another name',
        'shop.yaml:28:26 (actions.0.attributes.tier): an attribute cannot be called "tier": action.tier is the action’s own; give it another name',
        'shop.yaml:28:35 (actions.0.attributes.group): an attribute cannot be called "group": action.group is the action’s own; give it another name',
      ],
    ],
    [
      'customer.country == "DE" && customer.age >= 18',
      'customer.country == 1 && customer.aeg >= 18',
      [
        'shop.yaml:29:38 (actions.0.eligibility): "==" compares a string with a number; compare like with like',
        'shop.yaml:29:43 (actions.0.eligibility): customer.aeg is not declared under types.customer; did you mean customer.age?',
      ],
    ],
    [
      'eligibility: customer.country == "DE" && customer.age >= 18',
      'eligibility: "customer.country == \\"DE\\" && customer.aeg >= 18"',
      [
        'shop.yaml:29:49 (actions.0.eligibility): customer.aeg is not declared under types.customer; did you mean customer.age?',
      ],
    ],
    [
      'eligibility: customer.country == "DE" && customer.age >= 18',
      'eligibility: >\n      customer.country == "DE" &&\n      customer.aeg >= 18',
      [
        'shop.yaml:31:7 (actions.0.eligibility): customer.aeg is not declared under types.customer; did you mean customer.age?',
      ],
    ],
    [
      'applicability: live.stock > 0',
      'applicability: live.stock',
      [
        'shop.yaml:30:20 (actions.0.applicability): a rule must be true or false, this is a number; compare it with something',
      ],
    ],
  ],
  treatments: [
    [
      'needs: [customer.firstName]',
      'needs: [firstName]',
      [
        'shop.yaml:38:19 (actions.0.treatments.0.needs.0): must be a name such as customer.firstName or context.intent; correct it',
      ],
    ],
    [
      'needs: [customer.firstName]',
      'needs: [customer.fristName]',
      [
        'shop.yaml:38:19 (actions.0.treatments.0.needs.0): customer.fristName is not declared under types.customer; did you mean "customer.firstName"?',
      ],
    ],
    [
      'needs: [customer.firstName]',
      'needs: [context.weather]',
      [
        'shop.yaml:38:19 (actions.0.treatments.0.needs.0): context.weather is not declared under types.context; use one of context.intent, context.basketValue, or declare it under types.context',
      ],
    ],
    [
      'otherwise: boots-plain',
      'otherwise: boots-plian',
      [
        'shop.yaml:39:11 (actions.0.treatments.0.otherwise): treatment "boots-plian" is not in this action; did you mean "boots-plain"?',
      ],
    ],
    [
      'otherwise: boots-plain',
      'otherwise: boots-hero',
      [
        'shop.yaml:39:11 (actions.0.treatments.0.otherwise): otherwise leads in a circle: boots-hero → boots-hero; let the last of them need nothing, and remove its otherwise',
      ],
    ],
    [
      'otherwise: boots-plain',
      'otherwise: nothing-like-it',
      [
        'shop.yaml:39:11 (actions.0.treatments.0.otherwise): treatment "nothing-like-it" is not in this action; use one of boots-plain, or write such a treatment, or remove otherwise',
      ],
    ],
    [
      'id: boots-plain,\n          for',
      'id: boots-plain,\n          otherwise: boots-hero,\n          for',
      [
        'shop.yaml:39:11 (actions.0.treatments.0.otherwise): otherwise leads in a circle: boots-hero → boots-plain → boots-hero; let the last of them need nothing, and remove its otherwise',
      ],
    ],
    [
      'content: { de: { headline: Warme Füße }, en: { headline: Warm feet } }',
      'content: { de: { headline: Warme Füße } }',
      [
        'shop.yaml:39:11 (actions.0.treatments.0.otherwise): treatment "boots-plain" does not speak en, as this one does; add to its content what is missing',
      ],
    ],
    [
      'headline: "Warm feet, {{customer.firstName}}"',
      'headline: "Warm feet, {{customer.firstNam}}"',
      [
        'shop.yaml:43:43 (actions.0.treatments.0.content.en.headline): customer.firstNam is not declared under types.customer; did you mean customer.firstName?',
      ],
    ],
    [
      'fallback: { headline: New this week }',
      'fallback: { headline: "New, {{customer.firstName}}" }',
      [
        'shop.yaml:16:64 (placements.0.fallback): a fallback is the same for everybody and has no templates; write it out',
      ],
    ],
  ],
  'contact policies and volumes': [
    [
      'per: customer',
      'per: person',
      [
        'shop.yaml:52:69 (contactPolicies.0.per): this value is not one of those allowed; use "customer" or "action" or "group" or "channel" or "placement" or "tier"',
      ],
    ],
    [
      'per: customer, ',
      '',
      [
        'shop.yaml:52:5 (contactPolicies.0.per): this is missing; write "customer" or "action" or "group" or "channel" or "placement" or "tier"',
      ],
    ],
    [
      'where: { channel: email, tier: marketing }',
      'where: { channel: emial, tier: sales }',
      [
        'shop.yaml:52:50 (contactPolicies.0.where.tier): must be a tier (mandatory, service, retention, marketing) or a list of them; correct it',
      ],
    ],
    [
      'where: { channel: email, tier: marketing }',
      'where: { placement: home-heros, group: [shoes, hats], action: winter-boot, kind: offer }',
      [
        'shop.yaml:52:34 (contactPolicies.0.where.placement): placement "home-heros" is not in the catalogue; did you mean "home-hero"?',
        'shop.yaml:52:72 (contactPolicies.0.where.group.1): group "hats" is not in the catalogue; use one of shoes, or declare it under groups',
        'shop.yaml:52:79 (contactPolicies.0.where.action): action "winter-boot" is not in the catalogue; did you mean "winter-boots"?',
      ],
    ],
    [
      'per: customer, max: 3, window: 7d',
      'per: person, max: 3',
      [
        'shop.yaml:52:69 (contactPolicies.0.per): this value is not one of those allowed; use "customer" or "action" or "group" or "channel" or "placement" or "tier"',
        'shop.yaml:52:82 (contactPolicies.0.max): max says nothing without window; add window',
      ],
    ],
    [
      'max: 3, window: 7d',
      'max: 3',
      ['shop.yaml:52:84 (contactPolicies.0.max): max says nothing without window; add window'],
    ],
    [
      'max: 3, window: 7d',
      'window: 7d',
      ['shop.yaml:52:84 (contactPolicies.0.window): window says nothing without max; add max'],
    ],
    [
      'max: 3, window: 7d',
      'max: 2.5, window: 7d',
      ['shop.yaml:52:84 (contactPolicies.0.max): this is not a whole number; make it a whole number'],
    ],
    [
      'max: 3, window: 7d',
      'max: -1, window: 7d',
      ['shop.yaml:52:84 (contactPolicies.0.max): this is less than 0; at least 0'],
    ],
    [
      'max: 3, window: 7d',
      'after: { outcome: click }',
      ['shop.yaml:52:84 (contactPolicies.0.after): after says nothing without suppressFor; add suppressFor'],
    ],
    [
      'max: 3, window: 7d',
      'suppressFor: 7d',
      ['shop.yaml:52:84 (contactPolicies.0.suppressFor): suppressFor says nothing without after; add after'],
    ],
    [
      'per: customer, max: 3, window: 7d',
      'per: customer',
      [
        'shop.yaml:52:5 (contactPolicies.0): this policy caps nothing and silences nothing; write max and window, or after and suppressFor',
      ],
    ],
    [
      'max: 3, window: 7d',
      'max: 3, window: 7d, suppressFor: 7d',
      [
        'shop.yaml:52:104 (contactPolicies.0.suppressFor): this is a cap (max, window) and a silence (suppressFor); write max and window, or after and suppressFor',
      ],
    ],
    [
      'max: 3, window: 7d',
      'mx: 3, window: 7d',
      ['shop.yaml:52:84 (contactPolicies.0.mx): unknown key "mx"; remove it or correct its spelling'],
    ],
    [
      'outcome: reject',
      'outcome: no',
      [
        'shop.yaml:60:42 (contactPolicies.3.after.outcome): this value is not one of those allowed; use "sent" or "presented" or "impression" or "click" or "dismiss" or "later" or "reject" or "accept" or "conversion" or "return" or "bounced" or "failed" or "notShown" or "cancelled"',
      ],
    ],
    [
      'outcome: reject',
      'outcome: reject, without: nothing',
      [
        'shop.yaml:60:59 (contactPolicies.3.after.without): this value is not one of those allowed; use "sent" or "presented" or "impression" or "click" or "dismiss" or "later" or "reject" or "accept" or "conversion" or "return" or "bounced" or "failed" or "notShown" or "cancelled"',
      ],
    ],
    [
      'outcome: reject',
      'outcome: reject, times: 2',
      [
        'shop.yaml:60:59 (contactPolicies.3.after.times): this says how often and not in which time; add within, such as 7d',
      ],
    ],
    [
      'outcome: reject',
      'outcome: reject, times: 0',
      ['shop.yaml:60:59 (contactPolicies.3.after.times): this is less than 1; at least 1'],
    ],
    [
      'id: said-no',
      'id: same-offer',
      [
        'shop.yaml:60:7 (contactPolicies.3.id): a second contact policy is called "same-offer"; give each its own id',
      ],
    ],
    [
      'max: 500',
      'max: many',
      ['shop.yaml:61:57 (volumes.0.max): this is not a finite number; make it a finite number'],
    ],
    [
      'volumes: [{',
      'volumes: [{ id: boots, where: { kind: offer }, max: 1, per: total }, {',
      ['shop.yaml:61:72 (volumes.1.id): a second volume is called "boots"; give each its own id'],
    ],
    [
      'volumes: [{',
      'volumes: [3, {',
      [
        'shop.yaml:61:11 (volumes.0): this is not a map of names and values; make it a map of names and values',
      ],
    ],
    [
      'max: 500',
      'lever: 1, max: 500',
      ['shop.yaml:61:57 (volumes.0.lever): unknown key "lever"; remove it or correct its spelling'],
    ],
    [
      'per: day',
      'per: hour',
      [
        'shop.yaml:61:67 (volumes.0.per): this value is not one of those allowed; use "day" or "week" or "month" or "total"',
      ],
    ],
    [
      'pacing: even',
      'pacing: slow',
      ['shop.yaml:61:77 (volumes.0.pacing): this value is not one of those allowed; use "even" or "asap"'],
    ],
    [
      'where: { action: winter-boots }, ',
      '',
      ['shop.yaml:61:11 (volumes.0.where): this is missing; give it a map of names and values'],
    ],
    [
      'action: winter-boots }',
      'action: [] }',
      ['shop.yaml:61:33 (volumes.0.where.action): this is empty; write at least one'],
    ],
    [
      'action: winter-boots }',
      'action: winter-boot }',
      [
        'shop.yaml:61:33 (volumes.0.where.action): action "winter-boot" is not in the catalogue; did you mean "winter-boots"?',
      ],
    ],
  ],
  arbitration: [
    [
      'propensity: 1',
      'propensity: 11',
      ['shop.yaml:64:15 (arbitration.powers.propensity): this is more than 10; at most 10'],
    ],
    [
      'propensity: 1',
      'propensty: 1',
      [
        'shop.yaml:64:15 (arbitration.powers.propensty): unknown key "propensty"; remove it or correct its spelling',
      ],
    ],
    [
      'leverBound: 0.25',
      'leverBound: -0.1',
      ['shop.yaml:65:5 (arbitration.leverBound): this is less than 0; at least 0'],
    ],
    [
      'weight: -30',
      'weight: -130',
      ['shop.yaml:66:85 (arbitration.contextWeights.0.weight): this is less than -100; at least -100'],
    ],
    [
      'powers: {',
      'power: {',
      ['shop.yaml:64:5 (arbitration.power): unknown key "power"; remove it or correct its spelling'],
    ],
    [
      'arbitration:\n',
      'arbitration: 1\narbitrary:\n',
      [
        'shop.yaml:62:1 (arbitration): this is not a map of names and values; make it a map of names and values',
        'shop.yaml:63:1 (arbitrary): unknown key "arbitrary"; remove it or correct its spelling',
      ],
    ],
    [
      '[{ when: ',
      '[{ wehn: ',
      [
        'shop.yaml:66:22 (arbitration.contextWeights.0.when): this is missing; give it a text',
        'shop.yaml:66:24 (arbitration.contextWeights.0.wehn): unknown key "wehn"; remove it or correct its spelling',
      ],
    ],
    [
      ', weight: -30',
      '',
      ['shop.yaml:66:22 (arbitration.contextWeights.0.weight): this is missing; give it a finite number'],
    ],
    [
      'where: { group: shoes }',
      'where: { group: shose }',
      [
        'shop.yaml:66:69 (arbitration.contextWeights.0.where.group): group "shose" is not in the catalogue; did you mean "shoes"?',
      ],
    ],
    [
      '\'context.intent == "return"\'',
      "'context.intent == 1'",
      [
        'shop.yaml:66:49 (arbitration.contextWeights.0.when): "==" compares a string with a number; compare like with like',
      ],
    ],
  ],
  'exploration, experiments and attribution': [
    [
      'method: epsilon',
      'method: ucb',
      [
        'shop.yaml:68:16 (exploration.method): this value is not one of those allowed; use "greedy" or "epsilon" or "softmax" or "thompson"',
      ],
    ],
    [
      'method: epsilon, ',
      '',
      [
        'shop.yaml:68:1 (exploration.method): this is missing; write "greedy" or "epsilon" or "softmax" or "thompson"',
      ],
    ],
    [
      'epsilon: 0.03',
      'epsilon: 1.5',
      ['shop.yaml:68:33 (exploration.epsilon): this is more than 1; at most 1'],
    ],
    [
      'method: epsilon',
      'method: greedy',
      [
        'shop.yaml:68:32 (exploration.epsilon): epsilon means nothing with method greedy; remove it, or write method: epsilon',
      ],
    ],
    [
      'method: epsilon, epsilon: 0.03',
      'method: softmax',
      [
        'shop.yaml:68:16 (exploration.method): softmax needs a temperature; add temperature, a number above 0',
      ],
    ],
    [
      'method: epsilon, epsilon: 0.03',
      'method: softmax, temperature: 0',
      ['shop.yaml:68:33 (exploration.temperature): this is not more than 0; more than 0'],
    ],
    [
      'epsilon: 0.03',
      'temperature: 1',
      [
        'shop.yaml:68:33 (exploration.temperature): temperature means nothing with method epsilon; remove it, or write method: softmax',
      ],
    ],
    [
      'holdout: { share: 0 }',
      'holdout: { share: 0.99 }',
      [
        'shop.yaml:69:42 (experiments.random): holdout and random take more than everybody; let both shares be at most 1 together',
      ],
    ],
    [
      'share: 0.02',
      'share: 2',
      ['shop.yaml:69:49 (experiments.random.share): this is more than 1; at most 1'],
    ],
    [
      'rotate: month',
      'rotate: week',
      [
        'shop.yaml:69:62 (experiments.random.rotate): this value is not one of those allowed; use "month" or "quarter" or "year" or "never"',
      ],
    ],
    ['click: 7d', 'click: 7', ['shop.yaml:70:16 (attribution.click): this is not a text; make it a text']],
    [
      'credit: lastTouch',
      'credit: shapley',
      [
        'shop.yaml:70:37 (attribution.credit): this value is not one of those allowed; use "lastTouch" or "firstTouch" or "linear"',
      ],
    ],
  ],
}
