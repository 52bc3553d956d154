/**
 * Alipay's daily bill: a zip of GBK files behind an address that dies after 30 seconds. Nothing but
 * the address is signed, so its rows are hints: what they claim is asked for before it is believed.
 */
import { createHash } from 'node:crypto'
import { crc32 } from 'node:zlib'
import type { Day } from '@jiyue/contract/time'
import { unzipSync } from 'fflate'
import { type Answer, unknown, yes } from '../../../platforms/answer.ts'
import { exchange, isSilent, type Wire } from '../../../platforms/exchange.ts'
import {
  BILL_BYTES,
  BillError,
  broken,
  DOWNLOAD_MS,
  PACKED_BYTES,
  readable,
  shown,
} from '../billText.ts'
import type { BillFile } from '../gateway.ts'
import { readAlipayBill } from './billRows.ts'

/** The client's answer to `alipay.data.dataservice.bill.downloadurl.query`. */
type AskAddress = (content: object) => Promise<Answer<Record<string, unknown>>>

/** Fetches and reads the bill of `day` of the account `sellerId`. */
export async function fetchAlipayBill(
  askAddress: AskAddress,
  over: Wire,
  sellerId: string,
  day: Day,
): Promise<Answer<BillFile>> {
  const asked = await askAddress({ bill_type: 'trade', bill_date: day })
  if (!asked.ok) {
    const said = `${asked.code} ${asked.message}`
    if (asked.kind === 'refused' && /no_bill_data/i.test(said)) return yes({ state: 'empty' })
    if (asked.kind === 'refused' && /bill_not_exist/i.test(said)) {
      return yes({ state: 'not_ready' })
    }
    return asked
  }
  const packed = await download(over, asked.value.bill_download_url)
  if (!packed.ok) return packed
  const read = readable(() => {
    const content = detailFile(packed.value, sellerId)
    // Half a character at the end of a cut name must not cost the whole day; cells that are used
    // are checked one by one.
    const rows = readAlipayBill(new TextDecoder('gbk').decode(content), sellerId, day)
    const digest = createHash('sha256').update(content).digest('hex')
    return { state: 'ready' as const, rows, digest, proven: false }
  })
  return read
}

/** Once: a second try would find the address dead. */
async function download(over: Wire, address: unknown): Promise<Answer<Buffer>> {
  const url = typeof address === 'string' ? URL.parse(address) : null
  if (!url || !/^https?:$/.test(url.protocol)) return unknown('malformed', 'no address of a bill')
  const file = { ...over, timeoutMs: DOWNLOAD_MS, maxBytes: PACKED_BYTES, attempts: 1 }
  const reply = await exchange(file, () => ({ url, method: 'GET' }))
  if (isSilent(reply)) return unknown(reply.tooLarge ? 'too_large' : 'no_answer', reply.silence)
  if (reply.status === 200) return yes(reply.body)
  return unknown(`http_${reply.status}`, 'the bill’s address did not answer')
}

/** The one file of single payments in the archive; the other holds sums. Throws `BillError`. */
function detailFile(archive: Buffer, sellerId: string): Uint8Array {
  const names: string[] = []
  const isDetail = (name: string) => name.endsWith('_业务明细.csv')
  const files = unzipped(archive, (packedName, size) => {
    const name = nameOf(packedName)
    if (isDetail(name) && names.some(isDetail)) throw broken(`has ${name} twice`)
    names.push(name)
    if (!isDetail(name)) return false
    if (!name.startsWith(`${sellerId}0156_`)) {
      throw new BillError('wrong_merchant', `the bill is named ${shown(name)}`)
    }
    if (size > BILL_BYTES) throw new BillError('too_large', `${name} would have ${size} bytes`)
    return true
  })
  const [file] = Object.entries(files)
  if (!file) throw broken(`an archive of ${names.slice(0, 5).map(shown)}`)
  if (crc32(file[1]) !== checksumOf(archive, file[0])) throw broken('its checksum is another')
  return file[1]
}

/** No more than the size an entry says of itself is ever unpacked. */
function unzipped(archive: Buffer, take: (name: string, size: number) => boolean) {
  try {
    const filter = (file: { name: string; originalSize: number }) =>
      take(file.name, file.originalSize)
    return unzipSync(archive, { filter })
  } catch (error) {
    if (error instanceof BillError) throw error
    throw broken(`does not unpack: ${error instanceof Error ? error.message : error}`)
  }
}

/** What the archive's directory says of a file; the unpacker does not look. Null when it says none. */
function checksumOf(archive: Buffer, packedName: string): number | null {
  const name = bytesOf(packedName)
  for (let at = archive.indexOf(ENTRY); at >= 0; at = archive.indexOf(ENTRY, at + 4)) {
    if (at + ENTRY_BYTES > archive.length) break
    const found = archive.subarray(at + ENTRY_BYTES).subarray(0, archive.readUInt16LE(at + 28))
    if (found.equals(name)) return archive.readUInt32LE(at + 16)
  }
  return null
}

/** What every entry of a zip's directory begins with. */
const ENTRY = Buffer.from('PK\u0001\u0002')
const ENTRY_BYTES = 46

/** Names are GBK without a flag that says so: the unpacker hands their bytes on as characters. */
function nameOf(packed: string): string {
  return isBytes(packed) ? new TextDecoder('gbk').decode(bytesOf(packed)) : packed
}

function bytesOf(packed: string): Buffer {
  return Buffer.from(packed, isBytes(packed) ? 'latin1' : 'utf8')
}

function isBytes(packed: string): boolean {
  return !/[^\0-\xff]/.test(packed)
}
