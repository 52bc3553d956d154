/**
 * Drawing a receipt: one page, A5 or as much longer as it takes, on a grid of 4 points, the amount
 * the largest thing on it. Runs in a worker (press.ts): some 60 ms of work, 500 the first time.
 */
import { type Fen, yuan } from '@jiyue/contract/money'
import { methodWords } from '@jiyue/contract/payment'
import { spacedCode } from '@jiyue/contract/receipt'
import { clockText, dayOf, spanText } from '@jiyue/contract/time'
import PDFDocument from 'pdfkit'
import { create } from 'qrcode'
import { capitals } from './capitals.ts'
import { type Fonts, fonts, printable } from './fonts.ts'
import { refundLabel, type Sheet, stampOf } from './sheet.ts'

/** Points. */
const A5 = { width: 419.53, height: 595.28 }
const MARGIN = 32
const WIDTH = A5.width - 2 * MARGIN
const RIGHT = A5.width - MARGIN
/** Width of the facts' labels, with their gap. */
const LABELS = 64
const FOOT = { height: 108, below: 20 }
const QR = 84

/** As in src/tokens.scss. */
const INK = '#1b1830'
const SOFT = '#4d4a61'
const FAINT = '#686579'
const LINE = '#e4e2ec'
const PRIMARY = '#5b3fc4'
const DANGER = '#c5221f'
const PAPER = '#f6f5fa'

type Pdf = InstanceType<typeof PDFDocument>

/** Draws one receipt; the file's bytes. */
export async function drawReceipt(sheet: Sheet): Promise<Buffer> {
  // Drawn once to see how long it is, on a sheet that is thrown away.
  const end = drawBody(penOf(openPdf(sheet, 10 * A5.height), fonts()), sheet)
  const height = Math.max(A5.height, end + FOOT.height + FOOT.below)
  const doc = openPdf(sheet, height)
  const chunks: Buffer[] = []
  const done = new Promise<void>((resolve, reject) => {
    doc.on('data', (chunk: Buffer) => chunks.push(chunk))
    doc.on('end', resolve)
    doc.on('error', reject)
  })
  const pen = penOf(doc, fonts())
  drawBody(pen, sheet)
  drawFoot(pen, sheet, height - FOOT.height - FOOT.below)
  doc.end()
  await done
  return Buffer.concat(chunks)
}

function openPdf({ receipt, printedAt }: Sheet, height: number): Pdf {
  return new PDFDocument({
    size: [A5.width, height],
    margin: 0,
    font: '',
    lang: 'zh-CN',
    displayTitle: true,
    info: {
      Title: `支付凭证 ${receipt.orderNumber}`,
      Author: receipt.payee,
      Creator: '即约',
      CreationDate: new Date(printedAt),
    },
  })
}

/** Everything above the foot; answers where it ends. */
function drawBody(pen: Pen, sheet: Sheet): number {
  drawHead(pen, sheet)
  let y = drawAmount(pen, sheet, 76)
  y = drawFacts(pen, sheet, y)
  y = drawLines(pen, sheet, y)
  return drawRefunds(pen, sheet, y)
}

function drawHead(pen: Pen, { receipt, merchant }: Sheet): void {
  pen.doc.rect(0, 0, A5.width, 4).fill(PRIMARY)
  pen.text('支付凭证', MARGIN, 32, { size: 20 })
  pen.text(merchant, MARGIN, 36, { size: 10, color: SOFT, align: 'right' })
  pen.text(receipt.orderNumber, MARGIN, 52, {
    size: 8,
    color: FAINT,
    align: 'right',
    figures: true,
  })
}

function drawAmount(pen: Pen, sheet: Sheet, y: number): number {
  const { receipt } = sheet
  const amount = money(receipt.paidFen)
  pen.text('支付金额', MARGIN, y, { size: 9, color: FAINT })
  // Smaller from a million on, so that a stamp has its place beside it.
  const [size, down] = amount.length < 12 ? [44, 16] : [32, 28]
  pen.text(amount, MARGIN - 2, y + down, { size, figures: true })
  pen.text(capitals(receipt.paidFen), MARGIN, y + 72, { size: 10, color: SOFT })
  const stamp = stampOf(sheet)
  if (stamp) drawStamp(pen, stamp, y + 48)
  return y + 100
}

/** A stamp by hand: set askew, over whatever is there. */
function drawStamp(pen: Pen, stamp: string, y: number): void {
  const { doc } = pen
  const width = pen.widthOf(stamp, 16) + 24
  const x = RIGHT - width - 4
  doc.save()
  doc.rotate(-10, { origin: [x + width / 2, y] })
  doc.lineWidth(1.5).strokeColor(DANGER)
  doc.roundedRect(x, y - 18, width, 36, 6).stroke()
  pen.text(stamp, x, y - 11, { size: 16, color: DANGER, width, align: 'center' })
  doc.restore()
}

function drawFacts(pen: Pen, { receipt }: Sheet, y: number): number {
  const { method, slot, transactionId } = receipt
  const facts: [string, string][] = [
    ['收款方', receipt.payee],
    ['付款方', receipt.payer],
    ['服务项目', receipt.service],
    ['预约时段', `${dayOf(slot.startsAt).slice(0, 4)}年${spanText(slot.startsAt, slot.endsAt)}`],
    ['支付方式', methodWords[method].zh],
    ['支付时间', minuteText(receipt.paidAt)],
    ['交易单号', transactionId ?? '—'],
  ]
  let at = rule(pen, y)
  for (const [label, value] of facts) {
    pen.text(label, MARGIN, at + 1, { size: 9, color: FAINT })
    const [x, width] = [MARGIN + LABELS, WIDTH - LABELS]
    at += grid(pen.text(value, x, at, { size: 10, width })) + 4
  }
  return at + 4
}

function drawLines(pen: Pen, { receipt }: Sheet, y: number): number {
  let at = rule(pen, y)
  for (const { label, amountFen } of receipt.lines) {
    at = row(pen, at, label, money(amountFen), SOFT)
  }
  pen.text('合计', MARGIN, at + 2, { size: 10 })
  pen.text(money(receipt.paidFen), MARGIN, at, { size: 14, align: 'right', figures: true })
  return at + 24
}

function drawRefunds(pen: Pen, { refunds }: Sheet, y: number): number {
  if (refunds.length === 0) return y
  let at = rule(pen, y)
  for (const refund of refunds) {
    const label = `${refundLabel(refund)}　${dayOf(refund.at)}`
    at = row(pen, at, label, money(-refund.amountFen), DANGER)
  }
  return at + 4
}

/** A label and its amount; a long label goes on below itself. */
function row(pen: Pen, y: number, label: string, amount: string, color: string): number {
  const height = pen.text(label, MARGIN, y, { size: 10, color, width: WIDTH - 96 })
  pen.text(amount, MARGIN, y, { size: 10, color, align: 'right', figures: true })
  return y + grid(height) + 4
}

function drawFoot(pen: Pen, sheet: Sheet, y: number): void {
  const { receipt, verifyUrl, printedAt } = sheet
  pen.doc.roundedRect(MARGIN - 8, y, WIDTH + 16, FOOT.height, 8).fill(PAPER)
  drawQr(pen, verifyUrl, MARGIN + 4, y + 12)
  const x = MARGIN + QR + 20
  const [width, page] = [RIGHT - x, verifyUrl.split('?')[0]]
  pen.text('扫码核验真伪', x, y + 12, { size: 10, width })
  pen.text(spacedCode(receipt.code), x, y + 28, { size: 14, width, figures: true, color: PRIMARY })
  const note = [
    `或打开 ${page} 输入验证码。`,
    `${minuteText(receipt.issuedAt)} 开具；退款截至 ${minuteText(printedAt)}，以核验结果为准。`,
    '本凭证证明已收到以上款项，不作发票使用。',
  ]
  pen.text(note.join('\n'), x, y + 52, { size: 7, width, color: FAINT, lineGap: 2 })
}

/** Dark squares as one path, runs of a row as one bar, so that no hairlines show between them. */
function drawQr({ doc }: Pen, text: string, x: number, y: number): void {
  const { modules } = create(text, { errorCorrectionLevel: 'M' })
  const side = QR / modules.size
  const isDark = (row: number, column: number) =>
    column < modules.size && modules.get(row, column) === 1
  for (let row = 0; row < modules.size; row++) {
    for (let column = 0; column < modules.size; column++) {
      const from = column
      while (isDark(row, column)) column++
      if (column > from) doc.rect(x + from * side, y + row * side, (column - from) * side, side)
    }
  }
  doc.fill(INK)
}

/** A hairline across, and where to go on below it. */
function rule({ doc }: Pen, y: number): number {
  doc.rect(MARGIN, y, WIDTH, 0.75).fill(LINE)
  return y + 12
}

const grid = (height: number) => Math.ceil(height / 4) * 4

/** `¥128.00`, `-¥20.00`: in columns, fen and all. */
const money = (fen: Fen) => `${fen < 0 ? '-' : ''}¥${yuan(Math.abs(fen))}`

const minuteText = (instant: string) => `${dayOf(instant)} ${clockText(instant)}`

interface Writing {
  size: number
  color?: string
  width?: number
  align?: 'left' | 'right' | 'center'
  lineGap?: number
  /** Set in the weight for figures; only for what has no Chinese. */
  figures?: boolean
}

type Pen = ReturnType<typeof penOf>

function penOf(doc: Pdf, { text, figures }: Fonts) {
  const source = (font: unknown) => font as Parameters<Pdf['font']>[0]
  return {
    doc,
    widthOf: (what: string, size: number): number =>
      doc.font(source(text)).fontSize(size).widthOfString(what),
    /** Writes, each line of `what` on its own, and answers the height it took. */
    text(what: string, x: number, y: number, writing: Writing): number {
      const { size, color = INK, width = WIDTH, align = 'left', lineGap = 0 } = writing
      const font = writing.figures ? figures : text
      doc.font(source(font)).fontSize(size).fillColor(color)
      const options = { width, align, lineGap }
      const shown = what
        .split('\n')
        .map((line) => printable(line, font))
        .join('\n')
      const height = doc.heightOfString(shown, options)
      doc.text(shown, x, y, options)
      return height
    },
  }
}
