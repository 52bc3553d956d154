import { crc32, inflateRawSync } from 'node:zlib'
import { Formatter, Rsa } from 'wechatpay-axios-plugin'
import type { Credentials } from '../../sandbox/credentials.ts'

/** Readers of the platforms' bills for the tests, made without the sandbox's own writers. */
export type BillRow = Record<string, string>

/** Fetches a file of WeChat Pay: signed like any request, the answer is not. */
export function download({ wechatPay }: Credentials, address: string): Promise<Response> {
  const url = address.slice(wechatPay.baseUrl.length)
  const [timestamp, nonce] = [Formatter.timestamp(), Formatter.nonce()]
  const text = Formatter.request('GET', url, timestamp, nonce, '')
  const signature = Rsa.sign(text, wechatPay.merchantPrivateKey)
  const { mchid, merchantSerial } = wechatPay
  const Authorization = Formatter.authorization(mchid, nonce, signature, timestamp, merchantSerial)
  return fetch(address, { headers: { Authorization } })
}

/** Rows by the titles of their columns, and the values of the sums at the end. */
export function readWechatBill(text: string) {
  const lines = text.replace('\ufeff', '').trimEnd().split('\r\n')
  const [head = '', ...rest] = lines
  const titles = head.split(',')
  const values = (line: string) => line.split(',').map((cell) => cell.replace(/^`/, ''))
  const rows: BillRow[] = rest
    .slice(0, -2)
    .map((line) => Object.fromEntries(values(line).map((value, i) => [titles[i], value])))
  return { head, rows, sums: values(rest.at(-1) ?? '') }
}

/** Rows of Alipay's detail file; ids without the TAB that ends them. */
export function readAlipayBill(text: string) {
  const lines = text.trimEnd().split('\r\n')
  const titles = (lines[4] ?? '').split(',')
  const end = lines.findIndex((line) => line.includes('列表结束'))
  const rows: BillRow[] = lines
    .slice(5, end)
    .map((line) => Object.fromEntries(line.split(',').map((value, i) => [titles[i], value.trim()])))
  return { rows, foot: lines[end + 1] ?? '' }
}

/** Entries by the archive's directory, names as raw GBK bytes, contents checked by their CRC. */
export function unzip(archive: Buffer): { name: string; text: string }[] {
  const end = archive.length - 22
  expect(archive.readUInt32LE(end)).toBe(0x06054b50)
  let entry = archive.readUInt32LE(end + 16)
  return Array.from({ length: archive.readUInt16LE(end + 10) }, () => {
    expect(archive.readUInt32LE(entry)).toBe(0x02014b50)
    expect(archive.readUInt16LE(entry + 10)).toBe(8) // deflated
    const [size, nameSize] = [archive.readUInt32LE(entry + 20), archive.readUInt16LE(entry + 28)]
    const name = archive.subarray(entry + 46, entry + 46 + nameSize)
    const local = archive.readUInt32LE(entry + 42)
    expect(archive.readUInt32LE(local)).toBe(0x04034b50)
    const start = local + 30 + nameSize
    const content = inflateRawSync(archive.subarray(start, start + size))
    expect(content.length).toBe(archive.readUInt32LE(entry + 24))
    expect(crc32(content)).toBe(archive.readUInt32LE(entry + 16))
    expect(archive.readUInt16LE(entry + 8) & 0x800).toBe(0)
    entry += 46 + nameSize
    const gbk = new TextDecoder('gbk')
    return { name: gbk.decode(name), text: gbk.decode(content) }
  })
}
