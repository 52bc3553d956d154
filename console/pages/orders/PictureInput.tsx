import { refusals } from '@jiyue/contract/refusals'
import { App, Button, Image, Upload } from 'antd'
import { useState } from 'react'
import { useAct } from '../../acting.ts'
import { newId } from '../../newId.ts'
import { pictureAccept, readPicture } from '../../pictureFile.ts'

interface PictureInputProps {
  /** The picture's id, as a form field gives and takes it. */
  value?: string
  onChange?: (id: string | undefined) => void
}

/** One picture, sent as soon as it is chosen; shown from the file, which the server draws anew. */
export function PictureInput({ value, onChange }: PictureInputProps) {
  const { message } = App.useApp()
  const [shown, setShown] = useState<string | null>(null)
  const put = useAct('putConsolePicture', { done: ({ id }) => onChange?.(id) })
  const choose = async (file: File) => {
    const picture = await readPicture(file)
    if (!picture) return void message.error(refusals.picture_invalid.zh)
    setShown(picture.url)
    put.mutate({ params: { id: newId() }, body: { base64: picture.base64 } })
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
      accept={pictureAccept}
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
