import Taro from '@tarojs/taro'
import { useEffect } from 'react'
import { app } from '../phone.ts'
import { createInbox } from '../stores/inbox.ts'
import { useAll, useShown } from './useApp.ts'

/** Where 我的 stands in the tab bar (app.config.ts). */
const meTab = 2
const most = 99

/** One for all tabs: the number under one of them is the number under all. */
const inbox = createInbox(app)

/** How many messages are unread, live, and as a badge on the tab 我的 while this tab page is in front (X3). */
export function useUnread(): number {
  const shown = useShown()
  const { signedIn } = useAll(app.session.store)
  const { unread: counted } = useAll(inbox.store)
  const user = signedIn?.user.id
  const unread = user ? counted : 0
  useEffect(() => {
    if (!shown) return
    if (!user) return void app.session.greet()
    let stop = () => {}
    let left = false
    void inbox.load().then(() => {
      if (!left) stop = inbox.follow()
    })
    return () => {
      left = true
      stop()
    }
  }, [shown, user])
  useEffect(() => {
    if (shown) void mark(unread)
  }, [shown, unread])
  return unread
}

/** Hosts refuse it on a page without the bar: left in the meantime, the next tab page sets it. */
async function mark(unread: number): Promise<void> {
  const text = unread > most ? `${most}+` : String(unread)
  const marking =
    unread > 0
      ? Taro.setTabBarBadge({ index: meTab, text })
      : Taro.removeTabBarBadge({ index: meTab })
  await marking.catch(() => undefined)
}
