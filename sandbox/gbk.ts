/**
 * Text → GBK bytes. Node reads GBK but does not write it; the table is the reader turned round.
 * Characters GBK does not have become a question mark, as Alipay's own pages show them.
 */
export function encodeGbk(text: string): Buffer {
  table ??= makeTable()
  const bytes: number[] = []
  for (const character of text) {
    const code = character.codePointAt(0) as number
    if (code < 0x80) bytes.push(code)
    else bytes.push(...(table.get(character) ?? [0x3f]))
  }
  return Buffer.from(bytes)
}

let table: Map<string, [number, number]> | undefined

function makeTable(): Map<string, [number, number]> {
  const decoder = new TextDecoder('gbk')
  const made = new Map<string, [number, number]>()
  for (let lead = 0x81; lead <= 0xfe; lead += 1)
    for (let trail = 0x40; trail <= 0xfe; trail += 1) {
      const character = decoder.decode(new Uint8Array([lead, trail]))
      const whole = [...character].length === 1 && character !== '\ufffd'
      if (whole && !made.has(character)) made.set(character, [lead, trail])
    }
  return made
}
