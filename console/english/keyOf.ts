/** How the catalogue knows a text with holes: `['共 ', ' 条']` → 「共 {0} 条」 */
export const keyOf = (parts: readonly string[]): string =>
  parts.reduce((key, part, at) => (at === 0 ? part : `${key}{${at - 1}}${part}`), '')

/** How it knows a text for which one file has an English of its own. */
export const ownKey = (file: string, chinese: string): string => `${file}#${chinese}`
