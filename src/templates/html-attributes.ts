/** What may become of a value in a quoted attribute. */
export type AttributeUse = 'plain' | 'address' | Refused

export interface Refused {
  readonly what: string
  readonly remedy: string
}

const ADDRESSES = new Set([
  ...['href', 'src', 'action', 'formaction', 'cite', 'poster', 'background', 'longdesc'],
])

/** Attributes that browsers only show or compare. Whatever is not known here may be code to somebody. */
const PLAIN = new Set([
  ...[
    'abbr',
    'accesskey',
    'align',
    'alt',
    'bgcolor',
    'border',
    'cellpadding',
    'cellspacing',
    'class',
    'color',
  ],
  ...[
    'cols',
    'colspan',
    'datetime',
    'dir',
    'for',
    'headers',
    'height',
    'hreflang',
    'id',
    'itemprop',
    'label',
  ],
  ...['lang', 'max', 'maxlength', 'min', 'minlength', 'placeholder', 'role', 'rows', 'rowspan', 'scope'],
  ...['size', 'span', 'start', 'step', 'summary', 'tabindex', 'title', 'valign', 'value', 'width'],
])

/** Elements whose attributes load, run or redirect. */
const CLOSED = new Set([
  ...['script', 'style', 'meta', 'base', 'link', 'object', 'embed', 'applet', 'param', 'iframe', 'frame'],
  ...['portal', 'animate', 'animatemotion', 'animatetransform', 'set', 'use'],
])

/** What a hole in this attribute of this element may be; both names in lower case. */
export function useOfAttribute(element: string, attribute: string): AttributeUse {
  if (CLOSED.has(element)) {
    return {
      what: `a value cannot stand in an attribute of <${element}>`,
      remedy: `write <${element}> out, without values`,
    }
  }
  const data = attribute.startsWith('data-')
  // Scripts give data-href and data-onclick the meaning of what they are named after.
  const meaning = data ? attribute.slice('data-'.length) : attribute
  if (meaning.startsWith('on')) {
    return {
      what: `a value cannot stand in the event handler ${attribute}`,
      remedy: 'put it into a data-… attribute and let a script read it',
    }
  }
  if (meaning === 'style' || meaning === 'srcdoc') {
    return {
      what: `a value cannot stand in the attribute ${attribute}`,
      remedy: meaning === 'style' ? 'use a class' : 'put it into the text itself',
    }
  }
  if (data && meaning.includes('srcset')) return unknown(attribute)
  if (ADDRESSES.has(meaning) || (data && /ur[il]|src|href/.test(meaning))) return 'address'
  if (PLAIN.has(attribute) || data || attribute.startsWith('aria-')) return 'plain'
  return unknown(attribute)
}

function unknown(attribute: string): Refused {
  return {
    what: `what a value in the attribute ${attribute} does is not known to be harmless`,
    remedy: 'put it into title, alt, a data-… attribute or the text itself',
  }
}
