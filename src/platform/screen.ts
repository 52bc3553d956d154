import type { OnResize, WindowSize } from './types.ts'

/** The browser window in CSS pixels. Two columns from 768 (T7). */
export const windowSize: WindowSize = () => ({
  width: window.innerWidth,
  height: window.innerHeight,
})

export const onResize: OnResize = (changed) => {
  const told = () => changed(windowSize())
  window.addEventListener('resize', told)
  return () => window.removeEventListener('resize', told)
}
