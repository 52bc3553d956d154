import encodeQR from 'qr'

/** A QR code as the source of a picture; drawn here, so that what it says leaves this page nowhere. */
export function qrPicture(text: string): string {
  return `data:image/svg+xml,${encodeURIComponent(encodeQR(text, 'svg', { border: 2 }))}`
}
