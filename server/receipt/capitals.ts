/**
 * Amounts in Chinese capitals 人民币大写, as 支付结算办法 附件一 (People's Bank of China, 1997) asks for
 * them on payment documents. Where it leaves a choice, the first form of its own examples is taken.
 */
import { type Fen, isAmount } from '@jiyue/contract/money'

const DIGITS = '零壹贰叁肆伍陆柒捌玖'
const PLACES = ['', '拾', '佰', '仟']
const SECTIONS = ['', '万', '亿', '万亿']

/** `10700053` → `人民币壹拾万柒仟元零伍角叁分`. Throws on what is no amount. */
export function capitals(fen: Fen): string {
  if (!isAmount(fen)) throw new RangeError(`${fen} is no amount`)
  const [yuan, jiao, rest] = [Math.floor(fen / 100), Math.floor(fen / 10) % 10, fen % 10]
  const whole = yuan === 0 ? '' : `${integer(yuan)}元`
  if (jiao === 0 && rest === 0) return `人民币${whole || '零元'}整`
  // A nought before the jiao is written when the yuan end in one, or when there are no jiao.
  const nought = whole !== '' && (jiao === 0 || yuan % 10 === 0) ? '零' : ''
  const tenths = jiao === 0 ? '' : `${DIGITS[jiao]}角`
  const hundredths = rest === 0 ? '' : `${DIGITS[rest]}分`
  return `人民币${whole}${nought}${tenths}${hundredths}`
}

/** Sections of four digits from the left; several noughts in a row are written once. */
function integer(value: number): string {
  let [text, left, place] = ['', value, 0]
  for (; left > 0; left = Math.floor(left / 10_000), place++) {
    const section = left % 10_000
    if (section === 0) continue
    // A nought stands between sections when the lower one has no thousands.
    const gap = text !== '' && value % 10_000 ** place < 10_000 ** place / 10 ? '零' : ''
    text = `${four(section)}${SECTIONS[place]}${gap}${text}`
  }
  return text
}

function four(section: number): string {
  let text = ''
  let nought = false
  for (let place = 3; place >= 0; place--) {
    const digit = Math.floor(section / 10 ** place) % 10
    if (digit === 0) {
      nought = text !== ''
      continue
    }
    text += `${nought ? '零' : ''}${DIGITS[digit]}${PLACES[place]}`
    nought = false
  }
  return text
}
