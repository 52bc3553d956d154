/** Mini-programs pay in their own wallet and never show a code to scan (methodsOf). */
export function QrCode(_: { text: string }) {
  return null
}
