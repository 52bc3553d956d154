import { useEffect, useState } from 'react'
import { Picture } from '../../parts/Picture.tsx'
import { Bone } from '../../parts/Skeleton.tsx'

/** A QR code as one small drawing. The maker of codes is fetched only when one is shown. */
export function QrCode({ text }: { text: string }) {
  const [drawing, setDrawing] = useState<string | null>(null)
  useEffect(() => {
    let wanted = true
    void import('qrcode').then(({ create }) => {
      const { modules } = create(text, { errorCorrectionLevel: 'M' })
      if (wanted) setDrawing(svgOf(modules.size, (x, y) => modules.get(y, x) === 1))
    })
    return () => {
      wanted = false
    }
  }, [text])
  if (!drawing) return <Bone height={216} />
  return <Picture alt="支付二维码" src={drawing} style={{ width: '216px', height: '216px' }} />
}

function svgOf(size: number, isDark: (x: number, y: number) => boolean): string {
  let path = ''
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) if (isDark(x, y)) path += `M${x} ${y}h1v1h-1z`
  }
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size} ${size}" shape-rendering="crispEdges"><path d="${path}"/></svg>`
  return `data:image/svg+xml,${encodeURIComponent(svg)}`
}
