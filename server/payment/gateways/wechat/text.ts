/** WeChat takes characters of up to three UTF-8 bytes only: emoji and control characters go. */
export function cleaned(text: string, most: number): string {
  const plain = text.replace(/[\u{10000}-\u{10ffff}]/gu, '').replace(/\p{Cc}+/gu, ' ')
  return plain.trim().slice(0, most)
}
