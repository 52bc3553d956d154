/**
 * Cleans what people type and paste. Copied numbers carry invisible direction marks (phones' contact
 * lists), Chinese keyboards give full-width digits: neither is the person's mistake.
 */

/** Anything → text: strings and numbers as they are, all else is no answer. */
export function textOf(raw: unknown): string {
  if (typeof raw === 'string') return raw
  return typeof raw === 'number' && Number.isFinite(raw) ? String(raw) : ''
}

/** One line: invisible marks gone, line breaks and runs of blanks one blank, ends trimmed. */
export function line(raw: unknown): string {
  return visible(textOf(raw)).replace(/\s+/g, ' ').trim()
}

/** Several lines: invisible marks gone, line ends LF, at most one empty line in a row. */
export function lines(raw: unknown): string {
  return visible(textOf(raw))
    .replace(/\r\n?/g, '\n')
    .replace(/[^\S\n]+/g, ' ')
    .replace(/ ?\n ?/g, '\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim()
}

/** Codes and numbers: half-width, without any blank. */
export function compact(raw: unknown): string {
  return halfWidth(visible(textOf(raw))).replace(/\s+/g, '')
}

function halfWidth(text: string): string {
  return text.replace(/[\uff01-\uff5e]/g, (wide) =>
    String.fromCharCode(wide.charCodeAt(0) - 0xfee0),
  )
}

/** Without controls (tab and line ends stay), zero-width characters, direction marks, BOM. */
function visible(text: string): string {
  return text.replace(INVISIBLE, '')
}

const INVISIBLE = new RegExp(
  '[\\u0000-\\u0008\\u000b\\u000c\\u000e-\\u001f\\u007f\\u00ad' +
    '\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u2069\\ufeff]',
  'g',
)
