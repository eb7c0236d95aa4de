import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { faultsOf, render } from './make-template.ts'

const PLAIN = '{{context.city}}'
const URL = '{{context.city | url}}'

/** Every kind of place that takes a value: what stands before and behind it. */
const PLACES: readonly [string, string, string][] = [
  ['', PLAIN, ''],
  ['<p>', PLAIN, '</p>'],
  ['a < ', PLAIN, ' > b'],
  ['<title>', PLAIN, '</title>'],
  ['<textarea>', PLAIN, '</textarea>'],
  ['<p title="', PLAIN, '">x</p>'],
  ["<p title='", PLAIN, "'>x</p>"],
  ['<p data-x = "a ', PLAIN, ' b" class="c">x</p>'],
  ['<p>', URL, '</p>'],
  ['<a href="', URL, '">x</a>'],
  ["<a href='/?q=", URL, "&amp;r=1'>x</a>"],
  ['<img src="https://shop.example/', URL, '.jpg" alt="x">'],
  ['<form action="/', URL, '"><button formaction="/a">x</button></form>'],
]

/** A value, then its bytes in text or quotes, then its bytes in an address. */
const ATTACKS: readonly [string, string, string][] = [
  [
    '"><script>alert(1)</script>',
    '&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;',
    '%22%3E%3Cscript%3Ealert(1)%3C%2Fscript%3E',
  ],
  ["' onmouseover='a()", '&#39; onmouseover=&#39;a()', '&#39;%20onmouseover%3D&#39;a()'],
  ['" autofocus onfocus="a()', '&quot; autofocus onfocus=&quot;a()', '%22%20autofocus%20onfocus%3D%22a()'],
  ['javascript:alert(1)', 'javascript:alert(1)', 'javascript%3Aalert(1)'],
  ['JaVa\tScript:a()', 'JaVa\tScript:a()', 'JaVa%09Script%3Aa()'],
  ['//evil.example/', '//evil.example/', '%2F%2Fevil.example%2F'],
  ['\\\\evil.example', '\\\\evil.example', '%5C%5Cevil.example'],
  ['&quot;&#34;&lt;', '&amp;quot;&amp;#34;&amp;lt;', '%26quot%3B%26%2334%3B%26lt%3B'],
  [
    '</title></textarea><img src=x onerror=a()>',
    '&lt;/title&gt;&lt;/textarea&gt;&lt;img src=x onerror=a()&gt;',
    '%3C%2Ftitle%3E%3C%2Ftextarea%3E%3Cimg%20src%3Dx%20onerror%3Da()%3E',
  ],
  ['<!--', '&lt;!--', '%3C!--'],
  ['-->', '--&gt;', '--%3E'],
  ['{{context.city}}', '{{context.city}}', '%7B%7Bcontext.city%7D%7D'],
  ['`$a`', '`$a`', '%60%24a%60'],
]

describe.each(PLACES)('between %s and %s%s', (before, hole, behind) => {
  test('is accepted', () => expect(faultsOf(before + hole + behind, 'html')).toEqual([]))

  test.each(ATTACKS)('%j is inert', (value, plain, url) => {
    const filled = render(before + hole + behind, 'html', { context: { city: value } })
    expect(filled).toBe(before + (hole === URL ? url : plain) + behind)
    const harmless = render(before + hole + behind, 'html', { context: { city: 'x' } })
    expect(skeleton(filled as string)).toEqual(skeleton(harmless as string))
  })

  test('no value brings a delimiter', () => {
    fc.assert(
      fc.property(hostile, (value) => {
        const filled = render(before + hole + behind, 'html', { context: { city: `x${value}` } }) as string
        expect(filled.startsWith(before) && filled.endsWith(behind)).toBe(true)
        const printed = filled.slice(before.length, filled.length - behind.length)
        expect(printed.match(/[<>"']|&(?!(amp|lt|gt|quot|#39);)/g)).toBeNull()
      }),
    )
  })
})

const hostile = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc
    .array(
      fc.constantFrom('<', '>', '"', "'", '&', '/', '=', ' ', '-', '!', 'a', ';', '#', ':', '\0', '\ud800'),
    )
    .map((parts) => parts.join('')),
)

test('whatever is accepted keeps its tags and attributes, whatever the value', () => {
  const pieces = [
    ...[
      '<',
      '>',
      '"',
      "'",
      '=',
      '/',
      ' ',
      '&',
      '-',
      '!',
      '--',
      '<!--',
      '-->',
      '</',
      'a',
      '<p',
      '<p>',
      '</p>',
    ],
    ...[
      '<p title="',
      "<p title='",
      ' title',
      '="',
      '">',
      "'>",
      '<a href="/',
      '<title>',
      '</title>',
      '<textarea>',
    ],
    ...['</textarea>', 'x', PLAIN, PLAIN, PLAIN, URL, URL],
  ]
  let accepted = 0
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 10 }), hostile, (soup, value) => {
      const content = soup.join('')
      if (!content.includes('{{') || faultsOf(content, 'html').length > 0) return
      accepted += 1
      const fill = (city: string) => skeleton(render(content, 'html', { context: { city } }) as string)
      expect(fill(`x${value}`)).toEqual(fill('x'))
    }),
    { numRuns: 5_000, seed: 20261122 },
  )
  expect(accepted).toBeGreaterThan(500)
})

/** Tags with the names of their attributes, comments and all: another reading of HTML than the one that is tested. */
function skeleton(html: string): string[] {
  const found: string[] = []
  const token =
    /<!--(?:-?>|[\s\S]*?(?:--!?>|$))|<[!?][^>]*>?|<\/(?![a-z])[^>]+>?|<(\/?[a-z][^\s/>]*)((?:[\s/]+|[^\s/>][^\s/>=]*(?:\s*=\s*(?:"[^"]*"|'[^']*'|(?!["'])[^\s>]+))?)*)(>|$)/giy
  for (let at = html.indexOf('<'); at >= 0; at = html.indexOf('<', at)) {
    token.lastIndex = at
    const match = token.exec(html)
    if (match === null) {
      at += 1
      continue
    }
    at += match[0].length
    const [, tag, attributes] = match
    if (tag === undefined) {
      found.push('<!>')
      continue
    }
    const names = attributes!.replace(/=\s*("[^"]*"|'[^']*'|[^\s>]+)/g, ' ')
    found.push(
      `${tag} ${names
        .trim()
        .split(/[\s/]+/)
        .join(' ')}`.toLowerCase(),
    )
    const end = /^(title|textarea)$/i.test(tag)
      ? html.slice(at).search(new RegExp(`</${tag}[\\s/>]`, 'i'))
      : 0
    at = end < 0 ? html.length : at + end
  }
  return found
}
