/**
 * A page whose code comes late: who went back before it was there would get it after all, under the
 * address of the page they went back to (Taro's router draws what resolves last). It is told to look at
 * the address again.
 */
import Taro from '@tarojs/taro'

interface Heading {
  path: string
  isBack: boolean
}

/** Where the newest change of address leads. */
let newest: Heading | null = null
let goesBack = false
let toldAt = Number.NEGATIVE_INFINITY
/** Whatever it draws then: it is told once. */
const onceInMs = 1_000

window.addEventListener(
  'popstate',
  () => {
    goesBack = true
  },
  { capture: true },
)

Taro.eventCenter.on('__taroRouterChange', ({ toLocation }: { toLocation: { path: string } }) => {
  newest = { path: toLocation.path, isBack: goesBack }
  goesBack = false
})

Taro.eventCenter.on('__afterTaroRouterChange', () => {
  const shown = Taro.getCurrentInstance().page?.path?.split('?')[0]
  if (!newest?.isBack || !shown || shown === newest.path) return
  if (Date.now() - toldAt < onceInMs) return
  toldAt = Date.now()
  window.dispatchEvent(new PopStateEvent('popstate', { state: window.history.state }))
})
