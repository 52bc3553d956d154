/**
 * Changing things, and the one funnel for every "no": beside the field that caused it, or else as a
 * message, never both. Nothing is guessed ahead of the server: an answer takes milliseconds, and a
 * seat count that jumps back would cost more trust than it saves time.
 */
import type { EndpointName } from '@jiyue/contract/api'
import type { No } from '@jiyue/contract/client'
import { type RefusalCode, refusals } from '@jiyue/contract/refusals'
import type { Input, Reply } from '@jiyue/contract/schema/wire'
import { useMutation } from '@tanstack/react-query'
import { App, type FormInstance } from 'antd'
import { askFor, queries, type Refused } from './asking.ts'

/** A form as the funnel sees it: its fields by their names on the wire. */
interface FormAbout {
  form: FormInstance
  /** Refusals that speak about one field without naming it. */
  about?: Partial<Record<RefusalCode, string>>
}

interface Act<E extends EndpointName> {
  done?: (reply: Reply<E>, input: Input<E>) => void
  form?: FormAbout
}

/** One endpoint as a change: `{ mutate, isPending, … }`; a refusal is already shown. */
export function useAct<E extends EndpointName>(name: E, { done, form }: Act<E> = {}) {
  const { message } = App.useApp()
  return useMutation<Reply<E>, Refused, Input<E>>({
    mutationFn: (input) => askFor(name, input),
    onMutate: () => form && clear(form.form),
    onSuccess: (reply, input) => done?.(reply, input),
    onError: ({ no }) => {
      const beside = form ? putBeside(no, form) : false
      // Signing in again says it all; anything said here would be seen on the sign-in page.
      if (!beside && no.code !== 'unauthenticated') message.error(inWords(no))
      if (refusals[no.code].reaction === 'read_again') void queries.invalidateQueries()
    },
  })
}

/** Puts a refusal beside its fields. False when it has none, or one that is not on the form. */
function putBeside(no: No, { form, about = {} }: FormAbout): boolean {
  const blamed = no.fields ?? aboutOne(no, about[no.code])
  const shown = blamed
    .map(({ path, message }) => ({ name: path, errors: [message] }))
    .filter(({ name }) => name in form.getFieldsValue())
  form.setFields(shown)
  return shown.length > 0 && shown.length === blamed.length
}

/** Where no field is there to stand beside (a block was dragged), the fields' own sentences say it. */
function inWords({ message, fields = [] }: No): string {
  return [...new Set(fields.map((field) => field.message))].join('；') || message
}

function aboutOne(no: No, path: string | undefined) {
  return path ? [{ path, message: no.message }] : []
}

function clear(form: FormInstance): void {
  form.setFields(Object.keys(form.getFieldsValue()).map((name) => ({ name, errors: [] })))
}
