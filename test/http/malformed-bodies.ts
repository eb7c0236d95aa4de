const deep = (open: string, close: string, depth = 30_000) => open.repeat(depth) + close.repeat(depth)
const bytes = (...values: number[]) => Buffer.from(values)
const around = (context: string) =>
  `{"channel":"web","placements":[{"id":"hero"}],"context":{"intent":${context}}}`

/** No JSON at all, whatever else it may be. */
export const NOT_JSON: readonly (string | Buffer)[] = [
  ...['', ' ', '\n', '\0', '{', '}', '[', ']', '[}', '{]', '{"a"', '{"a":', '{"a":1', '{"a":1,', '{"a":1,}'],
  ...['[1,', '[1,]', '[,1]', '[1,,2]', '[1 2]', '{,}', '{"a" 1}', '{"a"::1}', '{a:1}', "{'a':1}", '{1:1}'],
  ...['{"a":1}{"b":2}', '[][]', '{} x', '1 2', 'nul', 'True', 'FALSE', 'undefined', 'None', 'NaN', '-NaN'],
  ...[
    'Infinity',
    '-Infinity',
    '+1',
    '01',
    '-01',
    '1.',
    '.1',
    '-.1',
    '1e',
    '1e+',
    '1.e1',
    '0x10',
    '1_000',
    '--1',
  ],
  ...[
    '"',
    '"a',
    "'a'",
    '"\\"',
    '"\\x41"',
    '"\\u12"',
    '"\\u{41}"',
    '"\\q"',
    '"a\nb"',
    '"a\tb"',
    '"a\0b"',
    '`a`',
  ],
  ...[
    '// c\n{}',
    '/* c */{}',
    '{}// c',
    '{/* c */}',
    '# c\n{}',
    '<!-- --> {}',
    '<xml/>',
    'a=1',
    'a: 1',
    '---\na: 1',
  ],
  ...[
    '{"a":NaN}',
    '{"a":Infinity}',
    '{"a":01}',
    '{"a":undefined}',
    '{"a":\'b\'}',
    '{"a":1;"b":2}',
    '{"a"=1}',
  ],
  ...[
    '\u2028{}',
    '\u00a0{}',
    '{}\u3000',
    '\u200b{}',
    '(function(){})',
    'new Date()',
    ")]}',\n{}",
    '{"a":1}\0',
  ],
  ...[
    '['.repeat(30_000),
    '{"a":'.repeat(30_000),
    `${'['.repeat(30_000)}}`,
    '[[[[[1]]]',
    around(deep('[', '}')),
  ],
  Buffer.concat([bytes(0xff, 0xfe), Buffer.from('{"a":1}', 'utf16le')]),
  Buffer.from('{"a":1}', 'utf16le'),
  bytes(0xff, 0xff, 0xff),
  bytes(0x1f, 0x8b, 0x08, 0x00),
  bytes(0x80),
]

/** JSON, but nothing that may be decided for. */
export const WRONG_JSON: readonly (string | Buffer)[] = [
  ...['null', 'true', '0', '-0', '1e999', '"text"', '[]', '{}', '[{}]', '[[]]', '{"":""}', '{"a":{"b":{}}}'],
  ...[
    deep('[', ']'),
    deep('{"a":', '}').replace(':}', ':1}'),
    around(deep('[', ']')),
    around(deep('{"a":', '1}')),
  ],
  ...[
    around('1e999'),
    around('-1e999'),
    around('null'),
    around('{}'),
    around('"\\ud800"').replace('intent', 'x'),
  ],
  ...[
    '{"channel":"\\ud800","placements":[{"id":"hero"}]}',
    '{"channel":"a\\u0000","placements":[{"id":"hero"}]}',
  ],
  ...['{"channel":"web","placements":[{"id":"hero"}],"requestId":"\\udc00\\ud800"}'],
  ...['{"channel":"web","placements":[{"id":"\\u202egnp"}]}', '{"channel":"web","placements":[]}'],
  ...[
    '{"channel":["web"],"placements":[{"id":"hero"}]}',
    '{"channel":"web","placements":{"0":{"id":"hero"}}}',
  ],
  ...['{"channel":"web","placements":{"length":1,"0":{"id":"hero"}}}'],
  Buffer.concat([Buffer.from('{"channel":"'), bytes(0xc0, 0xaf, 0xff), Buffer.from('","placements":[]}')]),
]

/** Ways to reach the prototype of what is parsed. */
export const POISONED: readonly string[] = [
  ...[
    '{"__proto__":{"x":1}}',
    '{"constructor":{"prototype":{"x":1}}}',
    '{"__proto__":null}',
    '{"\\u005f_proto__":1}',
  ],
  '{"channel":"web","placements":[{"id":"hero"}],"__proto__":{"mode":"dry-run"}}',
  '{"channel":"web","placements":[{"id":"hero","__proto__":{"limit":3}}]}',
  '{"channel":"web","placements":[{"id":"hero"}],"context":{"__proto__":{"intent":"x"}}}',
  '{"channel":"web","placements":[{"id":"hero"}],"context":{"constructor":{"prototype":{"x":1}}}}',
  '{"channel":"web","placements":[{"id":"hero"}],"context":{"constructor":"x"}}',
  '{"channel":"web","placements":[{"id":"hero"}],"context":{"toString":"x","hasOwnProperty":"x"}}',
  '{"channel":"web","placements":[{"id":"hero"}],"candidates":{"__proto__":{"include":[]}}}',
  '{"channel":"__proto__","placements":[{"id":"hero"}]}',
  '{"channel":"web","placements":[{"id":"constructor"}]}',
  '{"channel":"web","placements":[{"id":"hero"}],"candidates":{"include":["toString"]}}',
]
