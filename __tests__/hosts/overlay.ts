/**
 * What a host draws over the page: toast, loading, modal, action sheet. A toast is its page's: another
 * page in front takes it away (WeChat, as Taro's maintainers found: NervJS/taro#12945, #2921).
 */
import type { Work } from './work.ts'

interface Dialog {
  text: string[]
  /** Button's words → what it answers. */
  buttons: Map<string, () => void>
}

export interface Overlay {
  toast(text: string): void
  loading(text: string | null): void
  /** `answer` gets the number of the pressed button. */
  ask(text: string[], buttons: string[], answer: (pressed: number) => void): void
  /** Everything it shows now, a line each. */
  text(): string
  /** The dialog on top has a button with these words. */
  has(button: string): boolean
  /** Presses that button. */
  press(button: string): void
  /** A dialog stands before the page: nothing behind it can be touched. */
  isModal(): boolean
  /** A finger moved on: the toast has been read. */
  touched(): void
}

export function createOverlay(work: Work, top: () => object): Overlay {
  let toast: { text: string; on: object } | null = null
  let loading: string | null = null
  const dialogs: Dialog[] = []

  return {
    toast(text) {
      toast = { text, on: top() }
      work.stirred()
    },
    loading(text) {
      loading = text
      work.stirred()
    },
    ask(text, words, answer) {
      const dialog: Dialog = { text, buttons: new Map() }
      words.forEach((word, index) => {
        dialog.buttons.set(word, () => {
          dialogs.splice(dialogs.indexOf(dialog), 1)
          answer(index)
        })
      })
      dialogs.push(dialog)
      work.stirred()
    },
    text() {
      const asked = dialogs.flatMap(({ text, buttons }) => [...text, ...buttons.keys()])
      const seen = toast?.on === top() ? toast.text : null
      return [...asked, loading, seen].filter((line) => line).join('\n')
    },
    has: (button) => dialogs[dialogs.length - 1]?.buttons.has(button) ?? false,
    press(button) {
      dialogs[dialogs.length - 1]?.buttons.get(button)?.()
      work.stirred()
    },
    isModal: () => dialogs.length > 0,
    touched() {
      toast = null
    },
  }
}
