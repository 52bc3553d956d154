/** What a person makes of a drawn page: visible text, things to tap, fields to fill. */
import type { Element } from './templates.ts'

const FIELDS = ['input', 'textarea']
/** Elements that stand in a line with their neighbours. */
const INLINE = ['text']

/** The visible text, a line for each block. A field shows its value, else its placeholder. */
export function textOf(element: Element): string {
  return lines(element)
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .join('\n')
}

function lines(element: Element): string {
  if (!isVisible(element)) return ''
  if (isField(element)) return `\n${shownIn(element)}\n`
  return element.children
    .map((child) => {
      if (typeof child === 'string') return child
      return INLINE.includes(child.tag) ? lines(child) : `\n${lines(child)}\n`
    })
    .join('')
}

/** True when the text is on screen; a sentence may be set in several pieces. */
export function shows(text: string, wanted: string): boolean {
  return text.includes(wanted) || text.replaceAll('\n', '').includes(wanted)
}

/**
 * The element a finger would meet for `target`: an id, the very words, or words that contain it.
 * The innermost match; `nth` (from 0) when several say the same.
 */
export function findTarget(root: Element, target: string, nth = 0): Element | undefined {
  const all = visible(root)
  const byId = all.filter((element) => element.attribute('id') === target)
  if (byId.length > 0) return byId[nth]
  const said = all.map((element) => ({ element, text: textOf(element).replaceAll('\n', '') }))
  const exact = innermost(said.filter(({ text }) => text === target))
  const close = innermost(said.filter(({ text }) => text.includes(target)))
  return (exact.length > nth ? exact : close)[nth]
}

/** The field with this id, name or placeholder, or the first one after these words. */
export function findField(root: Element, label: string): Element | undefined {
  const fields = visible(root).filter(isField)
  const named = fields.find((field) =>
    ['id', 'name', 'placeholder'].some((attribute) => field.attribute(attribute) === label),
  )
  if (named) return named
  return afterWords(root, label, isField)
}

/** The first element of a kind that follows the words, in reading order. */
export function afterWords(
  root: Element,
  words: string,
  wanted: (element: Element) => boolean,
): Element | undefined {
  const label = findTarget(root, words)
  const all = visible(root)
  return label && all.slice(all.indexOf(label)).find(wanted)
}

/** The element and all around it, innermost first: the way an event rises. */
export function pathUp(element: Element): Element[] {
  return element.parent ? [element, ...pathUp(element.parent)] : [element]
}

export function isField(element: Element): boolean {
  return FIELDS.includes(element.tag)
}

/** The page as indented text, for a failing test's message. */
export function sketch(element: Element, depth = 0): string {
  if (!isVisible(element)) return ''
  const pad = '  '.repeat(depth)
  const id = String(element.attribute('id') ?? '')
  const name = id && id !== element.sid ? `${element.tag}#${id}` : element.tag
  const field = isField(element) ? ` [${shownIn(element)}]` : ''
  const inner = element.children.map((child) =>
    typeof child === 'string' ? `${pad}  ${child}` : sketch(child, depth + 1),
  )
  return [`${pad}${name}${field}`, ...inner].filter((line) => line !== '').join('\n')
}

function shownIn(field: Element): string {
  return String(field.attribute('value') || field.attribute('placeholder') || '')
}

function visible(root: Element): Element[] {
  if (!isVisible(root)) return []
  const inner = root.children.flatMap((child) => (typeof child === 'string' ? [] : visible(child)))
  return [root, ...inner]
}

function isVisible(element: Element): boolean {
  const style = String(element.attribute('style') ?? '').replaceAll(' ', '')
  return !/display:none|visibility:hidden/.test(style) && element.attribute('hidden') !== true
}

/** Those that contain no other match. */
function innermost(found: { element: Element }[]): Element[] {
  const around = new Set(found.flatMap(({ element }) => pathUp(element).slice(1)))
  return found.map(({ element }) => element).filter((element) => !around.has(element))
}
