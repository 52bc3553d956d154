import type { Parts, Platform } from './admin.ts'
import { chinaDay } from './clock.ts'
import type { Plant } from './plants.ts'
import { PAID_WORDS, REFUND_WORDS } from './wechatPay/billRows.ts'

/** Plants a difference if it can show; false when it would not, so that no test waits for nothing. */
export function plantIn(parts: Parts, platform: Platform, plant: Plant): boolean {
  const right =
    plant.kind === 'stranger' ? isStranger(parts, platform, plant) : has(parts, platform, plant)
  if (!right || !fits(platform, plant)) return false
  parts.world.plants.add(platform, plant)
  return true
}

/** A paid trade or a refund that really is there. */
function has({ orders, refunds, trades, alipayRefunds }: Parts, platform: Platform, plant: Plant) {
  const { outTradeNo, refundNo } = plant
  if (platform === 'wechat')
    return refundNo === undefined
      ? orders.get(outTradeNo)?.paidAt !== undefined
      : refunds.get(refundNo)?.order === outTradeNo
  return refundNo === undefined
    ? trades.get(outTradeNo)?.paidAt !== undefined
    : alipayRefunds.ofTrade(outTradeNo).some((one) => one.requestNo === refundNo)
}

/** A stranger's payment has a number nobody used; a stranger's refund may be of a known trade. */
function isStranger(parts: Parts, platform: Platform, plant: Plant): boolean {
  return (
    plant.kind === 'stranger' &&
    chinaDay(plant.day) !== null &&
    plant.outTradeNo !== '' &&
    !has(parts, platform, plant)
  )
}

function fits(platform: Platform, plant: Plant): boolean {
  if (plant.kind === 'amount' || plant.kind === 'stranger')
    return Number.isSafeInteger(plant.fen) && plant.fen >= 0
  if (plant.kind === 'drop' || plant.kind === 'twice') return true
  if (plant.kind !== 'state') return false // a kind nobody knows, from the outside
  const words = plant.refundNo === undefined ? PAID_WORDS : Object.values(REFUND_WORDS)
  return platform === 'wechat' && words.includes(plant.state)
}
