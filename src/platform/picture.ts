import { pictureBytes } from '@jiyue/contract/proof'
import type { ChoosePicture, ChosenPicture } from './types.ts'

/** Wide enough to read a bill's smallest digits; a scrolled screenshot may be long. */
const MAX_WIDTH = 1280
const MAX_PIXELS = 4_000_000
const QUALITY = 0.82

/** The browser's file chooser; the picture is drawn anew, smaller, before it travels. */
export const choosePicture: ChoosePicture = async () => {
  const file = await chooseFile()
  return file ? compress(file) : null
}

function chooseFile(): Promise<File | null> {
  const input = document.createElement('input')
  input.type = 'file'
  input.accept = 'image/*'
  input.style.display = 'none'
  // Safari forgets an input that is nowhere.
  document.body.appendChild(input)
  return new Promise((resolve) => {
    const done = () => {
      input.remove()
      resolve(input.files?.[0] ?? null)
    }
    input.addEventListener('change', done)
    input.addEventListener('cancel', done)
    input.click()
  })
}

async function compress(file: File): Promise<ChosenPicture> {
  const image = await draw(file)
  if (!image) return 'unreadable'
  const { naturalWidth: width, naturalHeight: height } = image
  const scale = Math.min(1, MAX_WIDTH / width, Math.sqrt(MAX_PIXELS / (width * height)))
  const canvas = document.createElement('canvas')
  canvas.width = Math.max(1, Math.round(width * scale))
  canvas.height = Math.max(1, Math.round(height * scale))
  const pen = canvas.getContext('2d')
  if (!pen) return 'unreadable'
  // JPEG knows no transparency: what is clear would turn black.
  pen.fillStyle = '#ffffff'
  pen.fillRect(0, 0, canvas.width, canvas.height)
  pen.drawImage(image, 0, 0, canvas.width, canvas.height)
  const preview = canvas.toDataURL('image/jpeg', QUALITY)
  const base64 = preview.slice(preview.indexOf(',') + 1)
  return base64.length * 0.75 > pictureBytes ? 'too_large' : { base64, preview }
}

/** The file as the browser understands it, or null when it does not. */
function draw(file: File): Promise<HTMLImageElement | null> {
  const address = URL.createObjectURL(file)
  return new Promise((resolve) => {
    const image = new Image()
    const done = (read: HTMLImageElement | null) => {
      URL.revokeObjectURL(address)
      resolve(read)
    }
    image.onload = () => done(image)
    image.onerror = () => done(null)
    image.src = address
  })
}
