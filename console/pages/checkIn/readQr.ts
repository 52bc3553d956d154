import decodeQR from 'qr/decode.js'

/** Longest side that is looked at: a code fills much of a picture, and more pixels cost time. */
const MOST = 1000

/** The text of the QR code in a picture or in what a camera shows now; null when there is none. */
export function readQr(source: CanvasImageSource, width: number, height: number): string | null {
  const scale = Math.min(1, MOST / Math.max(width, height))
  const canvas = document.createElement('canvas')
  canvas.width = Math.round(width * scale)
  canvas.height = Math.round(height * scale)
  const context = canvas.getContext('2d', { willReadFrequently: true })
  if (!context) return null
  context.drawImage(source, 0, 0, canvas.width, canvas.height)
  try {
    return decodeQR(context.getImageData(0, 0, canvas.width, canvas.height))
  } catch {
    return null // no code in it: the library throws where this page looks again
  }
}
