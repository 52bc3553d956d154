import { checkCount, type Field } from './field.ts'
import { usualMost } from './kinds.ts'
import { line, textOf } from './typed.ts'

/** A file or photo that has been uploaded: the server's id and the name the person knows. */
export interface UploadedFile {
  id: string
  name: string
}

/** Up to 9 uploads unless the form says otherwise. That an id is real and theirs, the server asks. */
export const file: Field<UploadedFile[]> = {
  kind: 'file',
  label: '文件/图片',
  asks: '请选择',
  empty: [],
  normalise(raw) {
    const files = (Array.isArray(raw) ? raw : [raw]).map(uploaded)
    return files.filter(
      (one, at) => one.id !== '' && files.findIndex((other) => other.id === one.id) === at,
    )
  },
  check: (files, settings) => checkCount(files.length, settings, usualMost.file, '个文件'),
  show: (files) => files.map((one) => one.name).join('、'),
}

function uploaded(raw: unknown): UploadedFile {
  if (typeof raw !== 'object' || raw === null) return { id: '', name: '' }
  const { id, name } = raw as { id?: unknown; name?: unknown }
  return { id: textOf(id), name: line(name) || '文件' }
}
