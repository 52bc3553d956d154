/**
 * Reads the design tokens out of the text of src/tokens.scss, the one file of the phone and the
 * console. Every line there is `$name: literal;`.
 */

/** `$space-2: 8px;` → `{ 'space-2': '8px' }`. */
export function readTokens(source: string): Record<string, string> {
  return Object.fromEntries(
    [...source.matchAll(/^\$([\w-]+):\s*(.+);$/gm)].map(([, name, value]) => [name, value]),
  )
}

/** Looks tokens up; a name that is not there is a mistake of ours and fails at start. */
export function tokenReader(source: string) {
  const tokens = readTokens(source)
  const text = (name: string): string => {
    const value = tokens[name]
    if (value === undefined) throw new Error(`src/tokens.scss has no $${name}`)
    return value
  }
  return { text, px: (name: string): number => Number.parseInt(text(name), 10) }
}
