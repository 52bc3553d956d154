/**
 * Places in PostgreSQL's log (WAL): an LSN counts its bytes from the beginning, a segment is a file
 * of them, named by timeline and number in hex.
 */

/** `16/B374D848` as a number of bytes. */
export function lsnOf(text: string): bigint {
  const [high, low] = text.split('/')
  return (BigInt(`0x${high}`) << 32n) | BigInt(`0x${low}`)
}

export function lsnText(lsn: bigint): string {
  return `${(lsn >> 32n).toString(16)}/${(lsn & 0xffffffffn).toString(16)}`.toUpperCase()
}

/** A segment that lies in an archive; `partial` while its end is not written. */
export type Segment = { timeline: number; number: bigint; partial: boolean; file: string }

const hex = (value: bigint | number) => value.toString(16).toUpperCase().padStart(8, '0')

/** The file name of segment `number`, each of `bytes`. */
export function segmentName(timeline: number, number: bigint, bytes: number): string {
  const perHigh = 0x100000000n / BigInt(bytes)
  return hex(timeline) + hex(number / perHigh) + hex(number % perHigh)
}

/** Reads a segment's file name; undefined for anything else, a timeline's history too. */
export function readSegmentName(file: string, bytes: number): Segment | undefined {
  const [, timeline, high, low, partial] =
    /^([0-9A-F]{8})([0-9A-F]{8})([0-9A-F]{8})(\.partial)?$/.exec(file) ?? []
  if (!timeline) return undefined
  const perHigh = 0x100000000n / BigInt(bytes)
  const number = BigInt(`0x${high}`) * perHigh + BigInt(`0x${low}`)
  return { timeline: Number.parseInt(timeline, 16), number, partial: partial !== undefined, file }
}

/** The number of the segment that holds `lsn`. */
export const segmentOf = (lsn: bigint, bytes: number) => lsn / BigInt(bytes)
