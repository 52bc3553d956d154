/** React's side of the stores. */
import Taro, { useDidHide, useDidShow, useRouter } from '@tarojs/taro'
import { useCallback, useEffect, useRef, useState } from 'react'
import { useStore } from 'zustand/react'
import type { StoreApi } from 'zustand/vanilla'
import { app } from '../phone.ts'
import { go } from './go.ts'

/** The whole state of a store; pages are small enough to draw anew on each change. */
export function useAll<T>(store: StoreApi<T>): T {
  return useStore(store)
}

/** Makes a page's store once, at its first drawing. */
export function useOnce<T>(make: () => T): T {
  const held = useRef<T | null>(null)
  held.current ??= make()
  return held.current
}

/** The server's now, drawn anew every `everyMs`. */
export function useNow(everyMs: number): number {
  const [now, setNow] = useState(app.clock.now)
  useEffect(() => {
    const timer = setInterval(() => setNow(app.clock.now()), everyMs)
    return () => clearInterval(timer)
  }, [everyMs])
  return now
}

/** Runs while the page is in front; what it returns ends it. Coming back runs it again. */
// biome-ignore lint/suspicious/noConfusingVoidType: most pages have nothing to end.
export function useWhileShown(run: () => void | (() => void)): void {
  // biome-ignore lint/suspicious/noConfusingVoidType: as above.
  const end = useRef<void | (() => void)>(undefined)
  const stop = () => {
    if (end.current) end.current()
    end.current = undefined
  }
  useDidShow(() => {
    stop()
    end.current = run()
  })
  useDidHide(stop)
  // biome-ignore lint/correctness/useExhaustiveDependencies: only the end of the page ends it here.
  useEffect(() => stop, [])
}

/** Is this page in front? Pages below it stay alive and must not ask the same question twice. */
export function useShown(): boolean {
  const [shown, setShown] = useState(true)
  useDidShow(() => setShown(true))
  useDidHide(() => setShown(false))
  return shown
}

/**
 * Leaves this page for another, once: an order changes several times while a page is leaving, and
 * two replacements would stack two pages.
 */
export function useLeave(): (url: string, how?: 'instead' | 'back') => void {
  const left = useRef(false)
  return useCallback((url: string, how = 'instead') => {
    if (left.current) return
    left.current = true
    void go[how](url)
  }, [])
}

/** A short sentence over the page, for who stays on it: hosts take it away together with its page. */
export function say(title: string): void {
  void Taro.showToast({ title, icon: 'none', duration: 2500 })
}

/** A short sentence for who leaves this page: the page that comes to the front says it. */
export function useSayNext(): (sentence: string) => void {
  const { $taroPath } = useRouter()
  return useCallback(
    (sentence) => app.saying.setState({ next: { sentence, from: $taroPath ?? null } }),
    [$taroPath],
  )
}

/** Says what a page before this one left to say. */
export function useSaying(shown: boolean): void {
  const { $taroPath } = useRouter()
  const { next } = useAll(app.saying)
  useEffect(() => {
    if (!shown || !next || next.from === $taroPath) return
    app.saying.setState({ next: null })
    say(next.sentence)
  }, [shown, next, $taroPath])
}

/** A photo's address: paths of ours stand under the API's origin. */
export function photo(path: string): string {
  return path.charAt(0) === '/' ? `${API_BASE}${path}` : path
}
