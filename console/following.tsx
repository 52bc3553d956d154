/** What the live socket means here: a hint reads queries again, a gap reads all of them again. */
import type { EndpointName } from '@jiyue/contract/api'
import type { Topic } from '@jiyue/contract/live'
import { createContext, type ReactNode, useContext, useEffect, useState } from 'react'
import { create } from 'zustand'
import { queries, readAgainSoon } from './asking.ts'
import { hearNow } from './clock.ts'
import { type Live, openLive } from './live.ts'
import { expire, useSession } from './session.ts'

const consoleEndpoints: readonly EndpointName[] = [
  'getToday',
  'listConsoleOrders',
  'listRegistrations',
  'getConsoleOrder',
  'getReconciliation',
  'listBills',
  'listDifferences',
  'listRefunds',
  'listProofs',
  'listDeliveries',
  'getAudit',
  'listFindings',
  'listForms',
  'getForm',
  'listConsoleNegotiations',
  'listConsoleFeedback',
  'getConsoleFeedback',
  'getFeedbackCauses',
  'listSchedules',
  'listDays',
  'listResources',
  'listDisruptions',
  'getDisruption',
  'getRules',
  'listPromotions',
]

const slotEndpoints: readonly EndpointName[] = ['listConsoleSlots', 'listSlotWaits']

/** The queries that a topic's news may have changed; only those on screen are read again. */
function endpointsOf(topic: Topic): readonly EndpointName[] {
  if (topic === 'console') return consoleEndpoints
  return topic.startsWith('service:') ? slotEndpoints : ['getConsoleOrder']
}

/** Whether news arrive; drawn as the mark in the header. */
export const useLiveState = create<{ up: boolean }>(() => ({ up: false }))

const LiveContext = createContext<Live | null>(null)

/** Holds the one socket of a signed-in console. */
export function LiveConnection({ children }: { children: ReactNode }) {
  const token = useSession(({ session }) => session?.token)
  const [live, setLive] = useState<Live | null>(null)

  useEffect(() => {
    if (!token) return
    const opened = openLive(liveUrl(), token, {
      ready(now, missed) {
        hearNow(now)
        useLiveState.setState({ up: true })
        if (missed) void queries.invalidateQueries()
      },
      news: (topic) => endpointsOf(topic).forEach(readAgainSoon),
      refused: (code) => code === 'unauthenticated' && expire(),
      lost: () => useLiveState.setState({ up: false }),
    })
    const stop = wakeWithTheTab(opened)
    setLive(opened)
    return () => {
      stop()
      opened.close()
      setLive(null)
      useLiveState.setState({ up: false })
    }
  }, [token])

  return <LiveContext.Provider value={live}>{children}</LiveContext.Provider>
}

/** Follows topics while the component is on screen. */
export function useFollow(topics: readonly Topic[]): void {
  const live = useContext(LiveContext)
  const list = topics.join(' ')
  useEffect(() => {
    if (live && list) return live.follow(list.split(' ') as Topic[])
  }, [live, list])
}

function liveUrl(): string {
  return `${location.origin.replace(/^http/, 'ws')}/v1/live`
}

function wakeWithTheTab(live: Live): () => void {
  const wake = () => document.visibilityState === 'visible' && live.wake()
  window.addEventListener('online', wake)
  document.addEventListener('visibilitychange', wake)
  return () => {
    window.removeEventListener('online', wake)
    document.removeEventListener('visibilitychange', wake)
  }
}
