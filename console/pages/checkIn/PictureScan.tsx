import { Button, Upload } from 'antd'
import { readQr } from './readQr.ts'

interface PictureScanProps {
  onRead: (text: string) => void
  /** No code in the picture, or no picture. */
  onNothing: () => void
}

/** Where there is no camera: a picture of the code. It never leaves the browser. */
export function PictureScan({ onRead, onNothing }: PictureScanProps) {
  const read = async (file: Blob) => {
    try {
      const picture = await createImageBitmap(file)
      const text = readQr(picture, picture.width, picture.height)
      picture.close()
      if (text === null) onNothing()
      else onRead(text)
    } catch {
      onNothing() // not a picture
    }
  }
  return (
    <Upload
      accept="image/*"
      showUploadList={false}
      beforeUpload={(file) => {
        void read(file)
        return false
      }}
    >
      <Button>上传二维码图片</Button>
    </Upload>
  )
}
