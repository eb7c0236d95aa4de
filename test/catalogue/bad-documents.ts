/** What is written instead of a passage of the good document, and every sentence that then refuses it. */
export type Mistake = readonly [passage: string, written: string, refusals: readonly string[]]

/** Every sentence about form and references, at least once, with file, line and column. */
export const BAD_DOCUMENTS: Readonly<Record<string, readonly Mistake[]>> = {
  'what is missing or unknown': [
    ['schema: emma/v1\n', '', ['shop.yaml:1:1 (schema): this is missing; write "emma/v1"']],
    ['emma/v1', 'emma/v2', ['shop.yaml:1:1 (schema): this value is not one of those allowed; use "emma/v1"']],
    [
      'schema: emma/v1',
      'schema: emma/v1\ncatalog: shop',
      ['shop.yaml:2:1 (catalog): unknown key "catalog"; remove it or correct its spelling'],
    ],
    [
      'kind: offer',
      'knd: offer',
      ['shop.yaml:16:5 (actions.0.knd): unknown key "knd"; remove it or correct its spelling'],
    ],
    [
      'kind: offer',
      'constructor: offer',
      [
        'shop.yaml:16:5 (actions.0.constructor): unknown key "constructor"; remove it or correct its spelling',
      ],
    ],
    [
      'kind: offer',
      'toString: offer',
      ['shop.yaml:16:5 (actions.0.toString): unknown key "toString"; remove it or correct its spelling'],
    ],
    ['channel: web, ', '', ['shop.yaml:10:5 (placements.0.channel): this is missing; give it a text']],
    [
      '    treatments: [{ id: hat-hero, for: [hero], content: { de: Hut } }]\n',
      '',
      ['shop.yaml:25:5 (actions.1.treatments): this is missing; give it a list'],
    ],
    ['outcome: conversion, ', '', ['shop.yaml:7:1 (target.outcome): this is missing; give it a text']],
  ],
  defaults: [
    [
      'currency: EUR',
      'currency: euro',
      ['shop.yaml:2:13 (defaults.currency): must be an ISO 4217 code such as EUR; correct it'],
    ],
    [
      'currency: EUR',
      'currency: 978',
      ['shop.yaml:2:13 (defaults.currency): this is not a text; make it a text'],
    ],
    [
      'locale: de-DE',
      'locale: de_DE',
      ['shop.yaml:2:28 (defaults.locale): must be a language tag such as de or en-GB; correct it'],
    ],
    [
      'timeZone: Europe/Berlin',
      'timeZone: Europe/Atlantis',
      ['shop.yaml:2:43 (defaults.timeZone): must be an IANA time zone such as Europe/Berlin; correct it'],
    ],
    [
      'timeZone: Europe/Berlin',
      'timeZone: 1',
      ['shop.yaml:2:43 (defaults.timeZone): this is not a text; make it a text'],
    ],
  ],
  types: [
    [
      'age: number',
      'age: numbr',
      [
        'shop.yaml:4:15 (types.customer.age): must be number, string or bool, or a type with a default; correct it',
      ],
    ],
    [
      'age: number',
      'the age: number',
      [
        'shop.yaml:4:15 (types.customer.the age): must be an identifier: letters, digits, underscores; correct the name',
      ],
    ],
    [
      'age: number',
      'constructor: numbr',
      [
        'shop.yaml:4:15 (types.customer.constructor): must be number, string or bool, or a type with a default; correct it',
      ],
    ],
    [
      'type: bool',
      'type: boolean',
      [
        'shop.yaml:4:35 (types.customer.vip.type): this value is not one of those allowed; use "number" or "string" or "bool"',
      ],
    ],
    [
      'default: false',
      'defualt: false',
      [
        'shop.yaml:4:47 (types.customer.vip.defualt): unknown key "defualt"; remove it or correct its spelling',
      ],
    ],
    [
      'default: false',
      'default: [no]',
      [
        'shop.yaml:4:47 (types.customer.vip.default): must be a text, a finite number or true or false; correct it',
      ],
    ],
    [
      'default: false',
      'default: "false"',
      [
        'shop.yaml:4:47 (types.customer.vip.default): the default is a string, the type says bool; make it a bool',
      ],
    ],
    [
      'default: ""',
      'default: 0',
      [
        'shop.yaml:5:38 (types.context.intent.default): the default is a number, the type says string; make it a string',
      ],
    ],
  ],
  'channels, target and models': [
    [
      'direction: outbound',
      'direction: out',
      [
        'shop.yaml:6:31 (channels.email.direction): this value is not one of those allowed; use "inbound" or "outbound"',
      ],
    ],
    [
      'email: {',
      '"": {',
      ['shop.yaml:6:22 (channels.): must be 1 to 128 printable characters; correct the name'],
    ],
    [
      'within: 7d',
      'within: 7 days',
      ['shop.yaml:7:32 (target.within): must be like 30s, 30m, 24h, 7d or 2w; correct it'],
    ],
    [
      'within: 7d',
      'within: 0d',
      ['shop.yaml:7:32 (target.within): must be like 30s, 30m, 24h, 7d or 2w; correct it'],
    ],
    [
      'outcome: conversion',
      'outcome: ""',
      ['shop.yaml:7:11 (target.outcome): this is empty; write at least one'],
    ],
    [
      '[{ id: shop }]',
      '[{ id: shop }, { id: shop-2 }]',
      ['shop.yaml:8:1 (models): one model per catalogue in this version; correct it'],
    ],
    ['[{ id: shop }]', 'shop', ['shop.yaml:8:1 (models): this is not a list; make it a list']],
  ],
  'placements and groups': [
    [
      'channel: email',
      'channel: fax',
      [
        'shop.yaml:11:21 (placements.1.channel): channel "fax" is not in the catalogue; use one of web, email, or declare it under channels',
      ],
    ],
    [
      'id: mail-top,',
      'id: hero,',
      [
        'shop.yaml:11:7 (placements.1.id): a second placement is called "hero"; give each its own id',
        'shop.yaml:24:39 (actions.0.treatments.0.for.1): placement "mail-top" is not in the catalogue; use one of hero, or declare it under placements',
      ],
    ],
    [
      'id: hats',
      'id: shoes',
      ['shop.yaml:12:27 (groups.1.id): a second group is called "shoes"; give each its own id'],
    ],
    [
      'order: 1',
      'order: 1.5',
      ['shop.yaml:10:50 (placements.0.order): this is not a whole number; make it a whole number'],
    ],
    [
      'contentType: json',
      'contentType: xml',
      [
        'shop.yaml:10:31 (placements.0.contentType): this value is not one of those allowed; use "json" or "text" or "html"',
      ],
    ],
    [
      'id: mail-top,',
      'id: "mail\\ttop",',
      ['shop.yaml:11:7 (placements.1.id): must be 1 to 128 printable characters; correct it'],
    ],
    ['id: mail-top,', 'id: 7,', ['shop.yaml:11:7 (placements.1.id): this is not a text; make it a text']],
  ],
  actions: [
    [
      'id: hat\n',
      'id: __proto__\n',
      ['shop.yaml:25:5 (actions.1.id): __proto__ cannot be an id; correct it'],
    ],
    [
      'id: hat\n',
      'id: boots\n',
      ['shop.yaml:25:5 (actions.1.id): a second action is called "boots"; give each its own id'],
    ],
    [
      'id: hat\n',
      'id: xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\n',
      ['shop.yaml:25:5 (actions.1.id): must be 1 to 128 printable characters; correct it'],
    ],
    [
      'status: active',
      'status: paused',
      [
        'shop.yaml:15:5 (actions.0.status): this value is not one of those allowed; use "active" or "inactive"',
      ],
    ],
    [
      'kind: offer',
      'kind: gift',
      ['shop.yaml:16:5 (actions.0.kind): this value is not one of those allowed; use "offer" or "activity"'],
    ],
    [
      'tier: marketing',
      'tier: vip',
      [
        'shop.yaml:17:5 (actions.0.tier): this value is not one of those allowed; use "mandatory" or "service" or "retention" or "marketing"',
      ],
    ],
    [
      'group: shoes',
      'group: socks',
      [
        'shop.yaml:18:5 (actions.0.group): group "socks" is not in the catalogue; use one of shoes, hats, or declare it under groups',
      ],
    ],
    ['value: 12.5', 'value: -1', ['shop.yaml:19:5 (actions.0.value): this is less than 0; at least 0']],
    [
      'value: 12.5',
      'value: [12.5]',
      [
        'shop.yaml:19:5 (actions.0.value): must be a number from 0 to 1e12, or a rule (CEL) that gives one; correct it',
      ],
    ],
    [
      'value: 12.5',
      'value: .inf',
      [
        'shop.yaml:19:5 (actions.0.value): must be a number from 0 to 1e12, or a rule (CEL) that gives one; correct it',
      ],
    ],
    [
      'minPropensity: 0.01',
      'minPropensity: 1.01',
      ['shop.yaml:20:5 (actions.0.minPropensity): this is more than 1; at most 1'],
    ],
    [
      'minPropensity: 0.01',
      'minPropensity: -0.01',
      ['shop.yaml:20:5 (actions.0.minPropensity): this is less than 0; at least 0'],
    ],
    [
      'from: 2026-11-01T00:00:00Z',
      'from: 2026-11-01',
      [
        'shop.yaml:21:17 (actions.0.validity.from): must be a time with zone such as 2026-11-01T00:00:00Z; correct it',
      ],
    ],
    [
      'to: 2026-12-31T00:00:00Z',
      'to: 2026-02-30T00:00:00Z',
      [
        'shop.yaml:21:45 (actions.0.validity.to): must be a time with zone such as 2026-11-01T00:00:00Z; correct it',
      ],
    ],
    [
      'to: 2026-12-31T00:00:00Z',
      'to: 2026-12-31T00:00:00',
      [
        'shop.yaml:21:45 (actions.0.validity.to): must be a time with zone such as 2026-11-01T00:00:00Z; correct it',
      ],
    ],
    [
      'to: 2026-12-31T00:00:00Z',
      'to: 2026-11-01T01:00:00+01:00',
      ['shop.yaml:21:5 (actions.0.validity): validity ends before it begins; let from be earlier than to'],
    ],
    [
      'price: 89.9',
      'price: [89.9]',
      [
        'shop.yaml:22:36 (actions.0.attributes.price): must be a text, a finite number or true or false; correct it',
      ],
    ],
    [
      'price: 89.9',
      'price:',
      [
        'shop.yaml:22:36 (actions.0.attributes.price): must be a text, a finite number or true or false; correct it',
      ],
    ],
    [
      'price: 89.9',
      'the-price: 89.9',
      [
        'shop.yaml:22:36 (actions.0.attributes.the-price): must be an identifier: letters, digits, underscores; correct the name',
      ],
    ],
  ],
  treatments: [
    [
      'content: { de: Hut }',
      'content: { de: { text: Hut, mit Feder } }',
      [
        'shop.yaml:26:75 (actions.1.treatments.0.content.de.mit Feder): nothing is written here; leave the name out, or quote a text that holds a comma or #',
      ],
    ],
    [
      '[{ id: hat-hero, for: [hero], content: { de: Hut } }]',
      '[{ id: hat-hero, for: [hero], content: { de: Hut } }, { id: hat-two, for: [hero], content: { de: Mütze } }]',
      [
        'shop.yaml:26:71 (actions.1.treatments.1): treatment "hat-two" is never shown: wherever it plays, an earlier one that needs nothing is; remove it, or write it before them with needs',
      ],
    ],
    [
      '[{ id: hat-hero, for: [hero], content: { de: Hut } }]',
      '[]',
      ['shop.yaml:26:5 (actions.1.treatments): this is empty; write at least one'],
    ],
    [
      '[{ id: hat-hero, for: [hero], content: { de: Hut } }]',
      '[{ id: hat-hero, for: [hero], content: { de: Hut } }, { id: hat-hero, for: [hero], content: { de: Hut } }]',
      [
        'shop.yaml:26:73 (actions.1.treatments.1.id): a second treatment of this action is called "hat-hero"; give each its own id',
      ],
    ],
    [
      'for: [hero],',
      'for: [],',
      ['shop.yaml:26:34 (actions.1.treatments.0.for): this is empty; write at least one'],
    ],
    [
      'for: [hero],',
      'for: [hero, footer],',
      [
        'shop.yaml:26:46 (actions.1.treatments.0.for.1): placement "footer" is not in the catalogue; use one of hero, mail-top, or declare it under placements',
      ],
    ],
    [
      'for: [hero],',
      'for: hero,',
      ['shop.yaml:26:34 (actions.1.treatments.0.for): this is not a list; make it a list'],
    ],
    [
      'content: { de: Hut }',
      'content: {}',
      ['shop.yaml:26:47 (actions.1.treatments.0.content): needs at least one language; correct it'],
    ],
    [
      'content: { de: Hut }',
      'content: { german: Hut, d: Hut }',
      [
        'shop.yaml:26:71 (actions.1.treatments.0.content.d): must be a language tag such as de or en-GB; correct the name',
      ],
    ],
    [
      'content: { de: Hut }',
      'content: { de: Hut, DE: Hut }',
      [
        'shop.yaml:26:67 (actions.1.treatments.0.content.DE): language "DE" is written twice; keep one; upper and lower case are the same language',
      ],
    ],
    [
      'content: { de: Hut }',
      'content: Hut',
      [
        'shop.yaml:26:47 (actions.1.treatments.0.content): this is not a map of names and values; make it a map of names and values',
      ],
    ],
  ],
}
