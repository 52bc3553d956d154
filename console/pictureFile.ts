import { pictureBytes, pictureTypes } from '@jiyue/contract/proof'

/** A picture of this computer: as an image shows it, and as it is sent. */
export interface PictureFile {
  url: string
  base64: string
}

/** What file dialogs offer. */
export const pictureAccept = pictureTypes.join(',')

/** A chosen file; null when it is none that the server takes, or cannot be read. */
export function readPicture(file: File): Promise<PictureFile | null> {
  const fits = file.size <= pictureBytes && (pictureTypes as readonly string[]).includes(file.type)
  if (!fits) return Promise.resolve(null)
  return new Promise((resolve) => {
    const reader = new FileReader()
    reader.onload = () => {
      const url = String(reader.result)
      resolve({ url, base64: url.slice(url.indexOf(',') + 1) })
    }
    reader.onerror = () => resolve(null)
    reader.readAsDataURL(file)
  })
}
