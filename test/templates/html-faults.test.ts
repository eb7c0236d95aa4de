import { describe, expect, test } from 'vitest'
import { faultsOf } from './make-template.ts'

const X = '{{action.id}}'
const U = '{{action.id | url}}'

const QUOTES = (name: string) =>
  `the value of the attribute ${name} is not in quotes; write ${name}="…" around all of it`
const AMONG = (tag: string) =>
  `a value cannot stand among the attributes of <${tag}>; write the attribute out and put the value into its quotes`
const TAG = 'a value cannot name a tag; write the tag out; a “<” in a text is written &lt;'
const COMMENT = 'a value cannot stand in a comment; take it out of the comment'
const DECLARATION = 'a value cannot stand in a declaration; take it out of <!…>, <?…> or </…>'
const SCRIPT = 'a value cannot stand in <script>; put it into a data-… attribute and let the script read it'
const HANDLER = (name: string) =>
  `a value cannot stand in the event handler ${name}; put it into a data-… attribute and let a script read it`
const UNKNOWN = (name: string) =>
  `what a value in the attribute ${name} does is not known to be harmless; put it into title, alt, a data-… attribute or the text itself`
const CLOSED = (tag: string) =>
  `a value cannot stand in an attribute of <${tag}>; write <${tag}> out, without values`
const INSIDE = (tag: string) =>
  `a value cannot stand inside <${tag}>; put it before <${tag}> or behind </${tag}>`
const LOST = (tag: string) =>
  `a value cannot stand behind the start of <${tag}>: what is markup there differs between browsers; put the value before it, or keep “<” out of <${tag}>`
const OPEN = 'the text ends inside a tag or comment; close it in the same text'
const REFERENCE = 'a value cannot stand directly behind “&”; write &amp; for the character itself'
const ENCODE = (name: string) =>
  `the attribute ${name} is an address, and action.id is not encoded for it; end it with the filter url: ${U}`
const HIDDEN =
  'there is an “&” in the scheme or host of the address, which may hide what it means; write the start of the address out without character references'
const CODE = (scheme: string) =>
  `a value cannot stand in a ${scheme}: address; link to a page with https: and let it do the work`
const HOST =
  'a value cannot stand in the host of an address; write the host out with a “/” behind it, such as https://shop.example/'

/** Templates with the first fault of each. */
const CASES: readonly [string, string][] = [
  // Tags and their insides.
  [`<${X}>`, TAG],
  [`</${X}>`, TAG],
  [`<h${X}>`, TAG],
  [`<p ${X}>`, AMONG('p')],
  [`<p a${X}="b">`, AMONG('p')],
  [`<p a ${X}>`, AMONG('p')],
  [`<p title="a"${X}>`, AMONG('p')],
  [`<p/${X}>`, AMONG('p')],
  [`<p title=${X}>`, QUOTES('title')],
  [`<p title=\n${X}>`, QUOTES('title')],
  [`<p title=a${X}>`, QUOTES('title')],
  [`<p title=a"${X}">`, QUOTES('title')],
  [`<p title="a" class=${X}>`, QUOTES('class')],
  // Comments and declarations.
  [`<!-- ${X} -->`, COMMENT],
  [`<!-- -> ${X} -->`, COMMENT],
  [`<!--!> ${X} -->`, COMMENT],
  [`<!---!> ${X} -->`, COMMENT],
  [`<!${X}>`, DECLARATION],
  [`<!-${X}>`, DECLARATION],
  [`<!doctype ${X}>`, DECLARATION],
  [`<?${X}>`, DECLARATION],
  [`</ ${X}>`, DECLARATION],
  // Elements that are no markup inside.
  [`<script>var a = "${X}"</script>`, SCRIPT],
  [`<SCRIPT type="a">${X}</SCRIPT >`, SCRIPT],
  [`<script/>${X}</script>`, SCRIPT],
  [`<script></scripted>${X}</script>`, SCRIPT],
  [`<style>${X}</style>`, 'a value cannot stand in <style>; use classes'],
  [`<noscript>${X}</noscript>`, 'a value cannot stand in <noscript>; put it into the text itself'],
  [`<iframe>${X}</iframe>`, 'a value cannot stand in <iframe>; put it into the text itself'],
  [`<title></tit${X}></title>`, TAG],
  [`<script><!--</script>${X}`, LOST('script')],
  [`<style><a title="</style>${X}">`, LOST('style')],
  [`<textarea><b></textarea>${X}`, LOST('textarea')],
  [`<plaintext>${X}</plaintext>`, LOST('plaintext')],
  [`<svg><text>${X}</text></svg>`, INSIDE('svg')],
  [`<math><svg/>${X}</math>`, INSIDE('math')],
  [`<svg><svg></svg>${X}</svg>`, INSIDE('svg')],
  [`<svg><![CDATA[</svg>${X}`, LOST('svg')],
  [`<svg><script><a></script></svg>${X}`, LOST('script')],
  // Attributes.
  [`<p onclick="${X}">`, HANDLER('onclick')],
  [`<p OnClick='a("${X}")'>`, HANDLER('onclick')],
  [`<p data-onclick="${X}">`, HANDLER('data-onclick')],
  [`<p style="color: ${X}">`, 'a value cannot stand in the attribute style; use a class'],
  [`<p srcdoc="${U}">`, 'a value cannot stand in the attribute srcdoc; put it into the text itself'],
  [`<img srcset="/a/${U} 2x">`, UNKNOWN('srcset')],
  [`<img data-srcset="/a/${U} 2x">`, UNKNOWN('data-srcset')],
  [`<p v-html="${X}">`, UNKNOWN('v-html')],
  [`<p @click="${X}">`, UNKNOWN('@click')],
  [`<p ="${X}">`, AMONG('p')],
  [`<p title="a"=b="${X}">`, UNKNOWN('=b')],
  [`<meta content="0;url=${U}">`, CLOSED('meta')],
  [`<base href="/${U}">`, CLOSED('base')],
  [`<script src="/${U}"></script>`, CLOSED('script')],
  [`<iframe src="/${U}"></iframe>`, CLOSED('iframe')],
  // Addresses.
  ...['href', 'src', 'action', 'formaction', 'data-href', 'data-image-url', 'poster', 'cite'].map(
    (name): [string, string] => [`<a ${name}="/${X}">`, ENCODE(name)],
  ),
  [`<a HREF='/${X}'>`, ENCODE('href')],
  [`<a href="/{{action.id | url | upper}}">`, ENCODE('href')],
  [`<a href="javascript:go('${U}')">`, CODE('javascript')],
  [`<a href=" JAVA\tscript:${U}">`, CODE('javascript')],
  [`<a href="data:text/html,${U}">`, CODE('data')],
  [`<a href="java&#115;cript:${U}">`, HIDDEN],
  [`<a href="javascript&colon;go(${U})">`, HIDDEN],
  [`<a href="/&#47;${U}">`, HIDDEN],
  [`<a href="https:&#47;&#47;${U}">`, HIDDEN],
  [`<a href="${U}&colon;go()">`, HIDDEN],
  [`<a href="//${U}/">`, HOST],
  [`<a href="https://shop.example${U}">`, HOST],
  // Character references.
  [`&${X}`, REFERENCE],
  [`a&l${X}`, REFERENCE],
  [`<p title="&#x3${X};">`, REFERENCE],
  [`<title>&${X}</title>`, REFERENCE],
]

describe('a value may not stand in', () => {
  test.each(CASES)('%s', (content, sentence) => {
    const offset = content.indexOf('{{')
    expect(faultsOf(content, 'html')[0]).toBe(`@${offset} ${sentence}`)
  })
})

describe('a text is closed where a value is in it', () => {
  const CLOSE = (tag: string) => `<${tag}> is never closed; close it with </${tag}> in the same text`
  test.each([
    [`<p title="${X}`, OPEN],
    [`<p title="${X}"`, OPEN],
    [`${X}<!-- `, OPEN],
    [`${X}<`, OPEN],
    [`<title>${X}`, CLOSE('title')],
    [`${X}<script>`, CLOSE('script')],
  ])('%s', (content, sentence) =>
    expect(faultsOf(content, 'html')).toEqual([`@${content.length} ${sentence}`]),
  )
})

test('every hole of every text is judged', () => {
  expect(faultsOf([`<p title=${X} class="${X}">${X}<b on="${X}">`, `<a href="${X}${U}">`], 'html')).toEqual([
    `0@9 ${QUOTES('title')}`,
    `0@${`<p title=${X} class="${X}">${X}<b on="`.length} ${HANDLER('on')}`,
    `1@9 ${ENCODE('href')}`,
  ])
})

test('only HTML is read as HTML', () => {
  expect(faultsOf(`<script>${X}`, 'json')).toEqual([])
  expect(faultsOf(`<script>${X}`, 'text')).toEqual([])
})

describe('a value may stand in', () => {
  test.each([
    `${X}`,
    `a < ${X} > & ${X} &amp; ${X} &amp;${X}`,
    `<p>${X}</p>`,
    `<P TITLE="${X}" CLASS='a ${X} b'>`,
    `<p title = "a>${X}">${X}`,
    `<p title="a"class="${X}">`,
    `<p hidden title="${X}"/>`,
    `<p a=b/c title="${X}">`,
    `<title>${X}</title>${X}<textarea>a</textarea>${X}`,
    `<!-- a -->${X}<!-->${X}<!--->${X}<!----!>${X}<!doctype html>${X}`,
    `<script>if (a < b) c("</p>")</script>${X}`,
    `<style>a > b {}</style>${X}`,
    `<svg viewBox="0 0 1 1"><path d="M0"/></svg>${X}<svg/>${X}`,
    `<p data-name="${X}" aria-label="${X}">`,
    `<a href="${U}">${X}</a>`,
    `<a href='/a?b=${U}&amp;c=${U}#${U}'>`,
    `<a href="https://shop.example/${U}">`,
    `<img src="/i/{{action.id | lower | url}}.jpg" alt="${X}" width="{{live.stock}}">`,
    `<p onclick="a()" style="b" title="${X}">`,
  ])('%s', (content) => expect(faultsOf(content, 'html')).toEqual([]))
})
