/** A registration as a row of a sheet: fixed columns, then one for each question of its service's forms. */
import { orderStateWords } from '@jiyue/contract/order'
import { paidWords } from '@jiyue/contract/registration'
import type { RegistrationRow } from '@jiyue/contract/schema/registrations'
import { clockText, dayOf } from '@jiyue/contract/time'

export type Cell = string | number

/** What a sheet's column is called, and how wide it is in characters. */
export interface Column {
  header: string
  width: number
}

interface FixedColumn extends Column {
  of(row: RegistrationRow): Cell
}

const fixed: readonly FixedColumn[] = [
  { header: '订单号', width: 18, of: (row) => row.number },
  { header: '状态', width: 9, of: (row) => orderStateWords[row.state] },
  { header: '服务', width: 20, of: (row) => row.service.name },
  { header: '日期', width: 12, of: (row) => dayOf(row.slot.startsAt) },
  {
    header: '时间',
    width: 14,
    of: ({ slot }) => `${clockText(slot.startsAt)}–${clockText(slot.endsAt)}`,
  },
  { header: '服务人员', width: 12, of: (row) => row.staffName ?? '' },
  { header: '门店', width: 16, of: (row) => row.branchName ?? '' },
  { header: '人数', width: 7, of: (row) => row.party },
  { header: '客户', width: 14, of: (row) => row.person },
  { header: '应付（元）', width: 11, of: (row) => yuan(row.payableFen) },
  { header: '缴费', width: 9, of: (row) => paidWords[row.paid] },
  { header: '实付（元）', width: 11, of: (row) => yuan(row.paidFen) },
  { header: '已退（元）', width: 11, of: (row) => yuan(row.refundedFen) },
  {
    header: '提交时间',
    width: 18,
    of: ({ submittedAt }) => `${dayOf(submittedAt)} ${clockText(submittedAt)}`,
  },
]

/** A question of a form: its field's id and label. */
export interface Question {
  field: string
  label: string
}

/** `questions` empty: of many services, whose answers stand in one column. */
export function columnsOf(questions: readonly Question[]): Column[] {
  const asked = questions.map(({ label }) => ({ header: label, width: 18 }))
  const own = fixed.map(({ header, width }) => ({ header, width }))
  return [...own, ...(asked.length > 0 ? asked : [{ header: '报名内容', width: 60 }])]
}

export function cellsOf(row: RegistrationRow, questions: readonly Question[]): Cell[] {
  const answers = new Map(row.answers.map(({ field, text }) => [field, text]))
  const asked =
    questions.length > 0
      ? questions.map(({ field }) => answers.get(field) ?? '')
      : [row.answers.map(({ label, text }) => `${label}：${text}`).join('；')]
  return [...fixed.map((column) => column.of(row)), ...asked.map(keepable)]
}

/** Characters that XML 1.0 has no way to write. */
const UNWRITABLE = /[^\P{Cc}\t\n\r]|\p{Cs}|[\ufffe\uffff]/gu
/** Excel refuses longer cells. */
const LONGEST = 32_767

function keepable(text: string): string {
  return text.replace(UNWRITABLE, '\ufffd').slice(0, LONGEST)
}

/** Fen as yuan for a sheet that adds them up: exact, two decimals at most. */
function yuan(fen: number): number {
  return fen / 100
}
