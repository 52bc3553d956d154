/** Pictures of a form: chosen, sent, and only then an answer. A lost answer is sent again by its id. */
import type { UploadedFile } from '@jiyue/contract/fields/file'
import type { FormField } from '@jiyue/contract/fields/kinds'
import { refusals } from '@jiyue/contract/refusals'
import type { StoreApi } from 'zustand/vanilla'
import type { App } from './app.ts'

export interface FilesState {
  /** Fields whose picture is on its way. */
  sending: Record<string, boolean>
  /** By the picture's id, for those chosen on this visit. */
  previews: Record<string, string>
}

export interface Files {
  /** Lets the person choose a picture and sends it; the answer's new list, or what is wrong. */
  add(field: FormField, files: readonly UploadedFile[]): Promise<UploadedFile[] | string | null>
}

export function createFiles<S extends FilesState>(app: App, store: StoreApi<S>): Files {
  const set = (some: Partial<FilesState>) => store.setState(some as Partial<S>)
  const sends = (id: string, on: boolean) =>
    set({ sending: { ...store.getState().sending, [id]: on } })

  return {
    async add(field, files) {
      if (store.getState().sending[field.id]) return null
      const chosen = await app.phone.choosePicture()
      if (chosen === null) return null
      if (typeof chosen === 'string') return refusals.picture_invalid.zh
      const id = app.phone.newId()
      sends(field.id, true)
      const result = await app.outbox.carry('putPicture', {
        params: { id },
        body: { base64: chosen.base64 },
      })
      sends(field.id, false)
      if (!result.ok) return result.message
      set({ previews: { ...store.getState().previews, [id]: chosen.preview } })
      return [...files, { id, name: `图片 ${nextNumber(files)}` }]
    },
  }
}

/** One that no picture of the list has, also after one was taken away. */
function nextNumber(files: readonly UploadedFile[]): number {
  return (
    files.reduce((most, { name }) => Math.max(most, Number(/\d+$/.exec(name)?.[0] ?? 0)), 0) + 1
  )
}
