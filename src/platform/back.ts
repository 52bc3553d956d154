/**
 * The Back key of browsers and an open dialog: it closes the dialog and leaves the page where it is.
 * While a dialog is open, an entry of ours lies on top of the history; going back takes that one.
 * The router must not hear of it, so this listens first (arrival.ts).
 */

/** What marks our entry in the history's state. */
interface Guarded {
  isDialog?: boolean
}

const closers: (() => void)[] = []
/** Our own going back, while it is under way. */
let going: { promise: Promise<void>; end: () => void } | null = null
/** A browser that does not answer must not keep anybody from going on. */
const patienceMs = 500

window.addEventListener('popstate', heard, { capture: true })

/** A dialog opened; the answer says that it closed, however. */
export function guardDialog(onBack: () => void): () => void {
  closers.push(onBack)
  if (!isGuarded() && !going) guard()
  return () => {
    const at = closers.indexOf(onBack)
    if (at >= 0) closers.splice(at, 1)
    // One dialog often gives way to the next: look when both have said so.
    window.setTimeout(() => {
      if (closers.length === 0) void unguard()
    }, 0)
  }
}

/** Before another page opens: our entry must not stay below it, nor a dialog hear of it. */
export function leaveDialogs(): Promise<void> {
  closers.length = 0
  return unguard()
}

function unguard(): Promise<void> {
  if (going) return going.promise
  if (!isGuarded()) return Promise.resolve()
  let end = () => {}
  const promise = new Promise<void>((resolve) => {
    const timer = window.setTimeout(() => end(), patienceMs)
    end = () => {
      window.clearTimeout(timer)
      going = null
      // Another dialog opened while the entry of the last one was on its way out.
      if (closers.length > 0) guard()
      resolve()
    }
  })
  going = { promise, end }
  window.history.back()
  return promise
}

function heard(event: PopStateEvent): void {
  if (going) {
    event.stopImmediatePropagation()
    going.end()
    return
  }
  const close = closers.pop()
  if (close) {
    event.stopImmediatePropagation()
    if (closers.length > 0) guard()
    close()
    return
  }
  // Forward to an entry whose dialog is gone: the page is the same, there is nothing to open.
  if (isGuarded()) event.stopImmediatePropagation()
}

function guard(): void {
  const state = { ...(window.history.state as object | null), isDialog: true } satisfies Guarded
  window.history.pushState(state, '', window.location.href)
}

function isGuarded(): boolean {
  return (window.history.state as Guarded | null)?.isDialog === true
}
