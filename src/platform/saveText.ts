import type { SaveText } from './types.ts'

/** A browser puts it among its downloads. */
export const saveText: SaveText = async (name, text) => {
  const address = URL.createObjectURL(new Blob([text], { type: 'application/json' }))
  const link = document.createElement('a')
  link.href = address
  link.download = name
  document.body.appendChild(link)
  link.click()
  link.remove()
  URL.revokeObjectURL(address)
  return 'saved'
}
