/**
 * The design under the merchant's hands: saved as a draft after a quiet moment, one saving after the
 * other, each made from the one before. Who was overtaken by somebody else reads theirs.
 */
import type { FormDesign } from '@jiyue/contract/form'
import type { FormPage } from '@jiyue/contract/schema/form'
import type { Input } from '@jiyue/contract/schema/wire'
import { App } from 'antd'
import { useCallback, useEffect, useRef, useState } from 'react'
import { askFor, keyOf, Refused, showChange } from '../../asking.ts'
import { newId } from '../../newId.ts'
import { designOf, isSameDesign } from './design.ts'

const quietMs = 600

export interface FormDraft {
  design: FormDesign
  change(design: FormDesign): void
  state: 'same' | 'unsaved' | 'saving' | 'saved'
  /** Saves what is unsaved; the draft's revision, or null where there is none or it was refused. */
  flush(): Promise<string | null>
}

export function useFormDraft(page: FormPage): FormDraft {
  const { message } = App.useApp()
  const { id } = page.service
  const [design, setDesign] = useState(() => designOf(page))
  const [state, setState] = useState<FormDraft['state']>(page.draft ? 'saved' : 'same')
  const wanted = useRef(design)
  const revision = useRef(page.draft?.revision ?? null)
  const saved = useRef(design)
  const saving = useRef<Promise<void> | null>(null)
  const timer = useRef<number>()

  /** What the server has, when nothing of ours is under way. */
  const adopt = useCallback((from: FormPage) => {
    revision.current = from.draft?.revision ?? null
    wanted.current = designOf(from)
    saved.current = wanted.current
    setDesign(wanted.current)
    setState(from.draft ? 'saved' : 'same')
  }, [])

  const save = useCallback(async () => {
    while (!isSameDesign(wanted.current, saved.current)) {
      setState('saving')
      const sent = wanted.current
      const next = newId()
      try {
        const body = { ...sent, revision: next, basedOn: revision.current }
        const input = { params: { id }, body } as Input<'putFormDraft'>
        const reply = await askFor('putFormDraft', input)
        revision.current = next
        saved.current = sent
        await showChange(keyOf('getForm', { params: { id } }), () => reply)
        setState('saved')
      } catch (error) {
        if (!(error instanceof Refused)) throw error
        setState('unsaved')
        message.error(error.no.message)
        if (error.no.code === 'form_draft_changed')
          adopt(await askFor('getForm', { params: { id } }))
        return
      }
    }
  }, [id, message, adopt])

  const flush = useCallback(async () => {
    window.clearTimeout(timer.current)
    await saving.current
    saving.current = save().finally(() => {
      saving.current = null
    })
    await saving.current
    return isSameDesign(wanted.current, saved.current) ? revision.current : null
  }, [save])

  useEffect(() => {
    const isIdle = !saving.current && isSameDesign(wanted.current, saved.current)
    if (isIdle && (page.draft?.revision ?? null) !== revision.current) adopt(page)
  }, [page, adopt])

  // Leaving the page takes along what was changed in the last moment.
  useEffect(() => () => void flush(), [flush])

  return {
    design,
    state,
    flush,
    change(next) {
      wanted.current = next
      setDesign(next)
      setState('unsaved')
      window.clearTimeout(timer.current)
      timer.current = window.setTimeout(() => void flush(), quietMs)
    },
  }
}
