/** A finger's events on a drawn page, as the host's view layer makes them. */
import type { Device } from './device.ts'
import { pathUp } from './look.ts'
import type { Element } from './templates.ts'
import { afterPrivacy } from './wx.ts'

/** Events that rise to the elements around; all others stay where they happen. */
const RISING = ['tap', 'longpress', 'longTap', 'touchstart', 'touchmove', 'touchend', 'touchcancel']

/** Lets an event rise from an element; the answer is how many handlers heard it. */
export function rise(device: Device, target: Element, type: string, detail: object): number {
  const { realm, shell, work } = device
  const { own } = shell.top()
  let heard = 0
  for (const element of pathUp(target)) {
    const handler = element.handler(type)
    if (!handler) continue
    heard++
    const at = (one: Element) => ({ id: idOf(one), dataset: { sid: one.sid } })
    const event = { type, timeStamp: 0, detail, target: at(target), currentTarget: at(element) }
    realm.call(own[handler], own, realm.inside({ ...event, touches: [], changedTouches: [] }))
    if (element.catches(type) || !RISING.includes(type)) break
  }
  work.stirred()
  return heard
}

/** A tap, with what a button does beside it; the answer is why it came to nothing, or null. */
export function touch(device: Device, element: Element): string | null {
  const button = pathUp(element).find((one) => one.tag === 'button')
  if (button && isDisabled(button)) return 'is disabled'
  const heard = rise(device, element, 'tap', { x: 0, y: 0 })
  const opened = button ? openType(device, button) : 0
  return heard + opened > 0 ? null : 'hears no tap'
}

export function isDisabled(element: Element): boolean {
  return String(element.attribute('disabled')) === 'true'
}

/** What a button with an open-type asks of the host. */
function openType(device: Device, button: Element): number {
  switch (button.attribute('open-type')) {
    case 'getPhoneNumber':
      afterPrivacy(device, (agreed) => {
        const code = agreed ? device.phoneNumber?.() : null
        const errMsg = `getPhoneNumber:${code ? 'ok' : 'fail'}`
        rise(device, button, 'getphonenumber', code ? { code, errMsg } : { errMsg })
      })
      return 1
    case 'getAuthorize':
      return rise(device, button, 'getAuthorize', {})
    case 'agreePrivacyAuthorization':
      device.agreedBy = idOf(button)
      return rise(device, button, 'agreeprivacyauthorization', {})
    default:
      return 0
  }
}

function idOf(element: Element): string {
  return String(element.attribute('id') ?? '')
}
