/** UUIDv7: 48 bits of time, so that rows made one after another lie side by side, 74 random bits. */

/** `random` gives 10 bytes; `now` is in ms. */
export function newId(now: number, random: Uint8Array): string {
  const time = hex(Math.floor(now), 12)
  const bytes = Array.from(random, (byte) => hex(byte, 2))
  const version = `7${bytes[0]}${bytes[1]?.charAt(0)}`
  const variant = `${hex(0x80 | ((random[2] ?? 0) & 0x3f), 2)}${bytes[3]}`
  return [time.slice(0, 8), time.slice(8), version, variant, bytes.slice(4).join('')].join('-')
}

function hex(value: number, digits: number): string {
  let text = value.toString(16)
  while (text.length < digits) text = `0${text}`
  return text
}
