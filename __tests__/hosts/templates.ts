/**
 * Reads the compiled templates (wxml, axml) and draws the tree that a page's data makes of them,
 * as the host's view layer does. Events are only those that the templates bind: a handler that
 * Taro's templates forgot is not heard here either.
 */
import fs from 'node:fs'
import path from 'node:path'
import vm from 'node:vm'

/** A node of a template file. */
interface Markup {
  tag: string
  attributes: Record<string, string>
  children: (Markup | string)[]
}

/** A drawn element; attributes are worked out when somebody looks. */
export interface Element {
  tag: string
  parent: Element | null
  children: (Element | string)[]
  /** Taro's id of the node. */
  sid: string
  /** The value of an attribute, or undefined when the template has none such. */
  attribute(name: string): unknown
  /** Handler's name for an event in the host's own words (`tap`, `input` …). */
  handler(type: string): string | undefined
  /** `catch` handlers stop an event on its way up. */
  catches(type: string): boolean
}

/** Tags that draw nothing. */
const SILENT = ['import', 'wxs', 'import-sjs']

type Scope = Record<string, unknown>

/** Draws a page's data by the page's template. */
export type Draw = (route: string, data: unknown) => Element

/** `mark` is the host's prefix of control attributes: `wx` or `a`. */
export function createDraw(dist: string, mark: 'wx' | 'a'): Draw {
  const extension = mark === 'wx' ? '.wxml' : '.axml'
  const templates = new Map<string, Markup>()
  const roots = new Map<string, Markup>()
  const xs = readScript(path.join(dist, mark === 'wx' ? 'utils.wxs' : 'utils.sjs'))
  const value = evaluator(xs)

  /** Reads a file and its imports; every `<template name>` becomes known. */
  function read(file: string): Markup {
    const known = roots.get(file)
    if (known) return known
    const root = parseMarkup(fs.readFileSync(file, 'utf8'))
    roots.set(file, root)
    for (const node of root.children) {
      if (typeof node === 'string') continue
      const { name = '', src = '' } = node.attributes
      if (node.tag === 'import') read(path.resolve(path.dirname(file), src))
      if (node.tag === 'template' && name) templates.set(name, node)
    }
    return root
  }

  function drawInto(parent: Element, nodes: Markup['children'], scope: Scope): void {
    for (const node of nodes) {
      if (typeof node === 'string') {
        const text = String(value(node, scope) ?? '')
        if (text.trim() !== '') parent.children.push(text)
      } else drawNode(parent, node, scope)
    }
  }

  function drawNode(parent: Element, node: Markup, scope: Scope): void {
    const { [`${mark}:for`]: list, ...attributes } = node.attributes
    if (list !== undefined) {
      for (const item of (value(list, scope) ?? []) as unknown[]) {
        drawNode(parent, { ...node, attributes }, { ...scope, item })
      }
    } else if (node.tag === 'block') drawInto(parent, node.children, scope)
    else if (node.tag === 'template') drawTemplate(parent, attributes, scope)
    else if (node.tag === 'comp') drawComponent(parent, attributes, scope)
    else if (!SILENT.includes(node.tag)) drawElement(parent, node, scope)
  }

  function drawTemplate(parent: Element, attributes: Record<string, string>, scope: Scope): void {
    // A definition, read beforehand.
    if (attributes.is === undefined) return
    const name = String(value(attributes.is, scope))
    const template = templates.get(name)
    if (!template) throw new Error(`the build has no template ${name}`)
    const data = attributes.data ? value(attributes.data, scope, true) : {}
    drawInto(parent, template.children, data as Scope)
  }

  /** The recursion step of hosts whose templates cannot call themselves. */
  function drawComponent(parent: Element, attributes: Record<string, string>, scope: Scope): void {
    const inner: Scope = {}
    for (const [name, text] of Object.entries(attributes)) inner[name] = value(text, scope)
    drawInto(parent, read(path.join(dist, `comp${extension}`)).children, inner)
  }

  function drawElement(parent: Element, node: Markup, scope: Scope): void {
    const { attributes } = node
    const binding = (type: string, ways: string[]) =>
      ways.map((way) => attributes[`${way}${type}`.toLowerCase()]).find((name) => name)
    const element: Element = {
      tag: node.tag,
      parent,
      children: [],
      sid: String(value(attributes['data-sid'] ?? '', scope) ?? ''),
      attribute: (name) =>
        attributes[name] === undefined ? undefined : value(attributes[name], scope),
      handler: (type) => binding(type, ['bind', 'catch', 'on']),
      catches: (type) => binding(type, ['catch']) !== undefined,
    }
    parent.children.push(element)
    drawInto(element, node.children, scope)
  }

  return (route, data) => {
    const file = path.join(dist, `${route}${extension}`)
    const page = emptyElement()
    drawInto(page, read(file).children, data as Scope)
    return page
  }
}

function emptyElement(): Element {
  return {
    tag: 'page',
    parent: null,
    children: [],
    sid: '',
    attribute: () => undefined,
    handler: () => undefined,
    catches: () => false,
  }
}

/** Works out `{{ }}`: a name that nobody knows is undefined, as in the hosts. */
function evaluator(xs: unknown) {
  const compiled = new Map<string, (scope: object) => unknown>()
  const compile = (source: string) => {
    const known = compiled.get(source)
    if (known) return known
    const made = new Function('scope', `with (scope) { return (${source}) }`) as (
      scope: object,
    ) => unknown
    compiled.set(source, made)
    return made
  }
  return (text: string, scope: Scope, asObject = false): unknown => {
    const names = new Proxy(scope, {
      has: () => true,
      get: (target, name) => (name === 'xs' ? xs : target[name as string]),
    })
    const whole = /^\{\{(.*)\}\}$/s.exec(text)?.[1]
    if (whole !== undefined && !whole.includes('}}')) {
      return compile(asObject ? `{${whole}}` : whole)(names)
    }
    return text.replace(/\{\{(.*?)\}\}/gs, (_, source) => String(compile(source)(names) ?? ''))
  }
}

/** wxs and sjs are small CommonJS or ES modules of plain functions. */
function readScript(file: string): unknown {
  const code = fs.readFileSync(file, 'utf8').replace(/^export default/m, 'module.exports =')
  const module = { exports: {} }
  vm.runInThisContext(`(function (module) {${code}\n})`, { filename: file })(module)
  return module.exports
}

/** A strict little reader for what Taro writes; anything else is an error. */
function parseMarkup(text: string): Markup {
  const root: Markup = { tag: '', attributes: {}, children: [] }
  const open = [root]
  const token =
    /<!--.*?-->|<\/([\w-]+)\s*>|<([\w-]+)((?:\s+[\w:.-]+(?:="[^"]*")?)*)\s*(\/?)>|([^<]+)/gs
  let at = 0
  for (const [whole, closing, opening, attributes = '', self, words] of text.matchAll(token)) {
    if (text.slice(at, at + whole.length) !== whole) break
    at += whole.length
    const top = open[open.length - 1] as Markup
    if (words !== undefined) {
      if (words.trim()) top.children.push(words.trim())
    } else if (opening !== undefined) {
      const node: Markup = { tag: opening, attributes: parseAttributes(attributes), children: [] }
      top.children.push(node)
      if (!self) open.push(node)
    } else if (closing !== undefined && open.pop()?.tag !== closing) break
  }
  if (at !== text.length || open.length !== 1) {
    throw new Error(`a template cannot be read at: ${text.slice(at, at + 80)}`)
  }
  return root
}

/** Names of `onTap`-like attributes are compared without case; the text keeps its own. */
function parseAttributes(text: string): Record<string, string> {
  const found: Record<string, string> = {}
  for (const [, name = '', value = 'true'] of text.matchAll(/([\w:.-]+)(?:="([^"]*)")?/g)) {
    found[name] = value
    found[name.toLowerCase()] = value
  }
  return found
}
