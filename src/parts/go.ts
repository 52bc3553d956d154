/** The one way to another page: nothing of a dialog stays below it (platform/back.ts). */
import Taro from '@tarojs/taro'
import { leaveDialogs } from '../platform/back.ts'

/** The page that was asked for and has not come yet: asking again is an impatient finger. */
let coming: { url: string; since: number } | null = null
/** A page that has not come by then never will; the finger is right again. */
const patienceMs = 5_000

/** A page is in front now. */
export function arrived(): void {
  coming = null
}

export const go = {
  /** On top of this page, once, however often it is tapped before it comes. */
  async to(url: string): Promise<void> {
    if (coming?.url === url && Date.now() - coming.since < patienceMs) return
    coming = { url, since: Date.now() }
    await leaveDialogs()
    await Taro.navigateTo({ url })
  },
  /** In the place of this page. */
  async instead(url: string): Promise<void> {
    await leaveDialogs()
    await Taro.redirectTo({ url })
  },
  /** Back to that page when it lies right below this one, else in the place of this one. */
  async back(url: string): Promise<void> {
    await leaveDialogs()
    if (isBelow(url)) await Taro.navigateBack()
    else await Taro.redirectTo({ url })
  },
  /** To one of the tabs. */
  async tab(url: string): Promise<void> {
    await leaveDialogs()
    await Taro.switchTab({ url })
  },
}

/** What Taro keeps of a page on every host. */
interface Below {
  $taroPath?: string
  $taroParams?: { id?: string }
}

/** Is the page right below this one that of `url`, about the same order? */
function isBelow(url: string): boolean {
  const pages = Taro.getCurrentPages()
  const { $taroPath = '', $taroParams } = (pages[pages.length - 2] ?? {}) as Below
  const [path = '', query = ''] = url.split('?')
  const route = `/${$taroPath.replace(/^\//, '').split('?')[0]}`
  return route === path && `&${query}&`.indexOf(`&id=${$taroParams?.id}&`) >= 0
}
