/**
 * Finds the Chinese texts of a source and turns each into a lookup (text.ts, rich.ts). Sources stay
 * as they are written:
 *
 *   '订单'                     → text('订单')
 *   `${n} 条`                  → fill`${n} 条`       known to the catalogue as 「{0} 条」
 *   <p>共 <b>{n}</b> 条</p>    → <p>{rich`共 ${<b>{n}</b>} 条`}</p>     「共 {0} 条」
 *
 * What is no word of the screen but data (a value sent, what a phone shows) has `@chinese` and why in
 * the comment before it: before the first import for a whole file, else before a declaration, a
 * property, an expression or an element. It and all inside it stay as they are. `@spoken` is for
 * what phones show and the merchant reads too: it stays, and `translated` finds its English.
 */
import {
  type BabelFileResult,
  type NodePath,
  type PluginObj,
  types as t,
  transformSync,
  type types,
} from '@babel/core'

import { keyOf } from './keyOf.ts'

const CHINESE = /[\u2e80-\u9fff\uff00-\uffef]/u

export interface Read {
  code: string
  map: BabelFileResult['map']
  /** Each text once, as the catalogue knows it. */
  texts: string[]
}

/**
 * The file's own name where the catalogue has an English of its own for this text there: a menu's
 * 订单 is Orders, a table's is Order.
 */
export type Own = (text: string) => string | null

/** Turns one source. Throws where a Chinese text stands that cannot be looked up. */
export function readTexts(code: string, file: string, own: Own = () => null): Read {
  const texts = new Set<string>()
  const result = transformSync(code, {
    filename: file,
    configFile: false,
    babelrc: false,
    sourceMaps: true,
    parserOpts: { plugins: file.endsWith('x') ? ['typescript', 'jsx'] : ['typescript'] },
    generatorOpts: { jsescOption: { minimal: true } },
    plugins: [lookups(texts, own)],
  })
  return { code: result?.code ?? code, map: result?.map, texts: [...texts] }
}

export const hasChinese = (code: string): boolean => CHINESE.test(code)

type Lookup = 'text' | 'fill' | 'rich'
/** From Vite's root, which is the console's folder. */
const homes: Record<Lookup, string> = {
  text: '/english/text.ts',
  fill: '/english/text.ts',
  rich: '/english/rich.ts',
}

function lookups(texts: Set<string>, own: Own): PluginObj {
  const done = new WeakSet<types.Node>()
  const used = new Map<Lookup, types.Identifier>()
  let scope: NodePath['scope']

  const to = (name: Lookup) => {
    const id = used.get(name) ?? scope.generateUidIdentifier(name)
    used.set(name, id)
    return t.identifier(id.name)
  }
  const isLookedUp = (at: NodePath, text: string): boolean => {
    const mark = markOf(at)
    if (mark === '@spoken') texts.add(text)
    return mark === null && isWord(at)
  }
  const asText = (value: string) => {
    texts.add(value)
    const literal = t.stringLiteral(value)
    done.add(literal)
    const place = own(value)
    return t.callExpression(to('text'), place ? [literal, t.stringLiteral(place)] : [literal])
  }
  const asTemplate = (name: 'fill' | 'rich', parts: string[], holes: types.Expression[]) => {
    texts.add(keyOf(parts))
    const quasis = parts.map((cooked, at) =>
      t.templateElement({ cooked, raw: rawOf(cooked) }, at === parts.length - 1),
    )
    return t.taggedTemplateExpression(to(name), t.templateLiteral(quasis, holes))
  }
  /** A run of text and holes among an element's children, as one child. */
  const asChild = (parts: Part[]): types.JSXExpressionContainer => {
    const { strings, holes } = unravel(parts)
    const only = holes.length === 0 ? strings[0] : undefined
    return t.jsxExpressionContainer(
      only === undefined ? asTemplate('rich', strings, holes) : asText(only),
    )
  }

  return {
    visitor: {
      Program: {
        enter(program) {
          scope = program.scope
        },
        exit(program) {
          for (const [name, id] of used) {
            const named = t.importSpecifier(id, t.identifier(name))
            program.unshiftContainer(
              'body',
              t.importDeclaration([named], t.stringLiteral(homes[name])),
            )
          }
        },
      },
      'JSXElement|JSXFragment'(at: NodePath) {
        const element = at.node as types.JSXElement | types.JSXFragment
        const hasText = element.children.some(
          (child) => child.type === 'JSXText' && CHINESE.test(child.value),
        )
        if (!hasText || markOf(at)) return
        element.children = withRuns(partsOf(element.children), asChild)
      },
      ObjectProperty(at) {
        if (t.isIdentifier(at.node.key) && CHINESE.test(at.node.key.name) && !markOf(at))
          throw at.buildCodeFrameError(noName)
      },
      StringLiteral(at) {
        if (done.has(at.node) || !CHINESE.test(at.node.value)) return
        if (!isLookedUp(at, at.node.value)) return
        const call = asText(at.node.value)
        at.replaceWith(at.parent.type === 'JSXAttribute' ? t.jsxExpressionContainer(call) : call)
        at.skip()
      },
      TemplateLiteral(at) {
        const { quasis, expressions } = at.node
        const parts = quasis.map(({ value }) => value.cooked ?? '')
        if (at.parent.type === 'TaggedTemplateExpression') return
        if (!CHINESE.test(parts.join('')) || !isLookedUp(at, keyOf(parts))) return
        at.replaceWith(
          parts.length === 1
            ? asText(parts[0] ?? '')
            : asTemplate('fill', parts, expressions as types.Expression[]),
        )
      },
    },
  }
}

const noName = 'A Chinese name is data: mark it with @chinese and why.'

/** What an endpoint does is said to engineers. */
const forEngineers = 'does'

/** False for types and for engineers; throws for a Chinese name. */
function isWord(at: NodePath): boolean {
  const { parent, key } = at
  if (parent.type === 'TSLiteralType') return false
  if (parent.type === 'TSEnumMember') throw at.buildCodeFrameError(noName)
  if (parent.type !== 'ObjectProperty') return true
  if (key === 'key' && !parent.computed) throw at.buildCodeFrameError(noName)
  return !(t.isIdentifier(parent.key) && parent.key.name === forEngineers)
}

type Mark = '@chinese' | '@spoken'

/** How this, what it stands in or the whole file is marked as staying as it is. */
function markOf(at: NodePath): Mark | null {
  for (let one: NodePath | null = at; one; one = one.parentPath) {
    const mark = markIn(one.node.leadingComments) ?? markOfChild(one)
    if (mark) return mark
  }
  const file = at.scope.getProgramParent().path.node as types.Program
  const imports = file.body.filter(({ type }) => type === 'ImportDeclaration')
  return markIn(imports[0]?.leadingComments)
}

function markIn(comments: readonly types.Comment[] | null | undefined): Mark | null {
  const said = comments?.map(({ value }) => value).join() ?? ''
  if (said.includes('@chinese')) return '@chinese'
  return said.includes('@spoken') ? '@spoken' : null
}

/** A comment among an element's children speaks of the child after it. */
function markOfChild({ parent, node }: NodePath): Mark | null {
  if (!t.isJSXElement(parent) && !t.isJSXFragment(parent)) return null
  const rest = parent.children.slice(0, parent.children.indexOf(node as types.JSXElement))
  const before = rest.findLast((child) => child.type !== 'JSXText' || child.value.trim() !== '')
  return before?.type === 'JSXExpressionContainer' ? markIn(before.expression.innerComments) : null
}

type Part = string | types.Expression | types.JSXElement | types.JSXFragment

/** An element's children as React reads them: text with its lines joined, and the rest. */
function partsOf(children: types.JSXElement['children']): Part[] {
  return children.flatMap((child): Part[] => {
    switch (child.type) {
      case 'JSXText': {
        const text = cleaned(child.value)
        return text === '' ? [] : [text]
      }
      case 'JSXExpressionContainer':
        if (child.expression.type !== 'JSXEmptyExpression') return [child.expression]
        if (!markIn(child.expression.innerComments)) return []
        throw new Error('@chinese stands beside a text: give what it marks an element of its own.')
      case 'JSXSpreadChild':
        throw new Error('Spread children have no text of their own.')
      default:
        return [child]
    }
  })
}

/** JSX's own rule: lines are trimmed, empty ones vanish, the rest is joined by one space. */
function cleaned(text: string): string {
  const lines = text.split(/\r\n|\n|\r/)
  return lines
    .map((line, at) => {
      const from = at === 0 ? line : line.replace(/^[ \t]+/, '')
      return at === lines.length - 1 ? from : from.replace(/[ \t]+$/, '')
    })
    .filter((line) => line !== '')
    .join(' ')
}

/** Icons and blocks at the edges, and the spaces beside them, are no part of the sentence. */
function withRuns(
  parts: Part[],
  asChild: (run: Part[]) => types.JSXExpressionContainer,
): types.JSXElement['children'] {
  const isEdge = (part: Part | undefined) =>
    typeof part === 'object' && part.type === 'JSXElement' && part.children.length === 0
  let [from, to] = [0, parts.length]
  while (isEdge(parts[from])) from++
  while (isEdge(parts[to - 1])) to--
  const run = parts.slice(from, to)
  const space = () => t.jsxExpressionContainer(t.stringLiteral(' '))
  const [first, last] = [run[0], run.at(-1)]
  const before = typeof first === 'string' && first.startsWith(' ')
  const after = typeof last === 'string' && last.endsWith(' ')
  if (before) run[0] = (run[0] as string).trimStart()
  if (after) run[run.length - 1] = (run.at(-1) as string).trimEnd()
  const edge = (part: Part) => part as types.JSXElement
  return [
    ...parts.slice(0, from).map(edge),
    ...(before ? [space()] : []),
    asChild(run),
    ...(after ? [space()] : []),
    ...parts.slice(to).map(edge),
  ]
}

function unravel(parts: Part[]): { strings: string[]; holes: types.Expression[] } {
  const strings = ['']
  const holes: types.Expression[] = []
  for (const part of parts) {
    if (typeof part === 'string') strings[strings.length - 1] += part
    else if (part.type === 'StringLiteral') strings[strings.length - 1] += part.value
    else {
      holes.push(part)
      strings.push('')
    }
  }
  return { strings, holes }
}

const rawOf = (text: string): string => text.replace(/[\\`]|\$\{/g, '\\$&')
