/** Stands for a hole in an address: a character that no text has. */
export const HOLE = '\uFDD0'

/** In these an encoded value is decoded again and run or shown as a page. */
const CODE_SCHEMES = new Set(['javascript', 'vbscript', 'data', 'blob', 'filesystem'])
/** Browsers find a host behind these even without slashes. */
const HOST_SCHEMES = new Set(['http', 'https', 'ftp', 'ws', 'wss'])

export interface UrlFault {
  readonly what: string
  readonly remedy: string
}

/**
 * Why values may not stand where they stand in this address, or null. Encoded values are safe in path, query and
 * fragment; they must not decide the scheme or the host. `inHtml`: character references could hide a colon or a slash.
 */
export function urlFault(address: string, inHtml: boolean): UrlFault | null {
  // Parsers of addresses skip tabs and line breaks wherever they are, blanks and control characters at the start.
  const url = address.replace(/[\t\n\r]/g, '').replace(/^[\p{Cc} ]+/u, '')
  const end = url.search(/[:/?#\\]/)
  const head = end < 0 ? url : url.slice(0, end)
  if (inHtml && head.includes('&')) return HIDDEN
  const scheme = url[end] === ':' ? head.toLowerCase() : null
  if (scheme?.includes(HOLE)) {
    return {
      what: 'a value cannot stand in the scheme of an address',
      remedy: 'write the start of the address out, such as https://shop.example/',
    }
  }
  if (scheme !== null && CODE_SCHEMES.has(scheme)) {
    return {
      what: `a value cannot stand in a ${scheme}: address`,
      remedy: 'link to a page with https: and let it do the work',
    }
  }
  return hostFault(scheme === null ? url : url.slice(end + 1), scheme, inHtml)
}

function hostFault(rest: string, scheme: string | null, inHtml: boolean): UrlFault | null {
  const slashes = /^[/\\]*/.exec(rest)![0].length
  const hasHost = slashes >= 2 || (scheme !== null && HOST_SCHEMES.has(scheme))
  // `/&#47;` is two slashes to a browser.
  if (!hasHost) return inHtml && slashes === 1 && rest[1] === '&' ? HIDDEN : null
  const host = /^[^/\\?#]*/.exec(rest.slice(slashes))![0]
  if (inHtml && host.includes('&')) return HIDDEN
  return host.includes(HOLE)
    ? {
        what: 'a value cannot stand in the host of an address',
        remedy: 'write the host out with a “/” behind it, such as https://shop.example/',
      }
    : null
}

const HIDDEN: UrlFault = {
  what: 'there is an “&” in the scheme or host of the address, which may hide what it means',
  remedy: 'write the start of the address out without character references',
}
