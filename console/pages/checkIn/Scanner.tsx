import { Alert } from 'antd'
import { useEffect, useRef, useState } from 'react'
import { readQr } from './readQr.ts'

/** Between two looks at the camera, ms. */
const LOOK_MS = 150

const problems: Record<string, string> = {
  NotAllowedError: '浏览器没有使用摄像头的权限，请在地址栏的站点设置中允许，或上传图片',
  NotFoundError: '没有找到摄像头，请输入核销码或上传图片',
  NotReadableError: '摄像头被其他程序占用，请关闭后重试，或上传图片',
}

/** The camera, looked at until there is a QR code in it. */
export function Scanner({ onRead }: { onRead: (text: string) => void }) {
  const video = useRef<HTMLVideoElement>(null)
  const read = useRef(onRead)
  read.current = onRead
  const [problem, setProblem] = useState<string | null>(null)
  useEffect(
    () => watch(video.current as HTMLVideoElement, (text) => read.current(text), setProblem),
    [],
  )
  if (problem) return <Alert className="desk-camera" type="warning" showIcon title={problem} />
  return <video ref={video} className="desk-camera" muted playsInline aria-label="摄像头画面" />
}

function watch(
  video: HTMLVideoElement,
  onRead: (text: string) => void,
  onProblem: (text: string) => void,
): () => void {
  let stream: MediaStream | null = null
  let timer: ReturnType<typeof setTimeout> | undefined
  let over = false
  const stop = () => {
    over = true
    clearTimeout(timer)
    for (const track of stream?.getTracks() ?? []) track.stop()
  }
  const look = () => {
    const text = video.videoWidth > 0 ? readQr(video, video.videoWidth, video.videoHeight) : null
    if (text === null) timer = setTimeout(look, LOOK_MS)
    else {
      stop()
      onRead(text)
    }
  }
  const start = async () => {
    // Without https a browser has no camera at all.
    if (!navigator.mediaDevices) return onProblem('此浏览器不能使用摄像头，请输入核销码或上传图片')
    stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' } })
    if (over) return stop()
    video.srcObject = stream
    await video.play()
    look()
  }
  start().catch((error: DOMException) => {
    // Closed while it was starting: nobody waits for it.
    if (!over) onProblem(problems[error.name] ?? '摄像头未能打开，请输入核销码或上传图片')
  })
  return stop
}
