import { App, Button, Image, Upload } from 'antd'
import { useState } from 'react'
import { useAct } from '../../acting.ts'
import { newId } from '../../newId.ts'

interface PictureInputProps {
  /** The picture's id, as a form field gives and takes it. */
  value?: string
  onChange?: (id: string | undefined) => void
}

const MOST_BYTES = 5 * 1024 * 1024

/** One picture, sent as soon as it is chosen; shown from the file, which the server draws anew. */
export function PictureInput({ value, onChange }: PictureInputProps) {
  const { message } = App.useApp()
  const [shown, setShown] = useState<string | null>(null)
  const put = useAct('putConsolePicture', { done: ({ id }) => onChange?.(id) })
  const choose = async (file: File) => {
    if (file.size > MOST_BYTES) return void message.error('图片不超过 5 MB')
    const url = await readUrl(file)
    setShown(url)
    put.mutate({ params: { id: newId() }, body: { base64: url.slice(url.indexOf(',') + 1) } })
  }
  if (value && shown)
    return (
      <span className="picture-input">
        <Image width={72} height={72} src={shown} alt="凭据图片" />
        <Button
          type="text"
          size="small"
          onClick={() => {
            setShown(null)
            onChange?.(undefined)
          }}
        >
          移除
        </Button>
      </span>
    )
  return (
    <Upload
      accept="image/jpeg,image/png,image/webp"
      showUploadList={false}
      beforeUpload={(file) => {
        void choose(file)
        return Upload.LIST_IGNORE
      }}
    >
      <Button loading={put.isPending}>上传图片</Button>
    </Upload>
  )
}

function readUrl(file: File): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader()
    reader.onload = () => resolve(String(reader.result))
    reader.onerror = () => reject(reader.error ?? new Error('not read'))
    reader.readAsDataURL(file)
  })
}
