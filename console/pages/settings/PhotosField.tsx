import { LeftOutlined, PlusOutlined, RightOutlined } from '@ant-design/icons'
import { refusals } from '@jiyue/contract/refusals'
import { mostPhotos } from '@jiyue/contract/settings'
import { Button, Image, Typography, Upload } from 'antd'
import { useState } from 'react'
import { useAct } from '../../acting.ts'
import { newId } from '../../newId.ts'
import { pictureAccept, readPicture } from '../../pictureFile.ts'
import { photoUrl, rememberPhoto } from './photoUrl.ts'

interface PhotosFieldProps {
  /** Names, the cover first. */
  value?: string[]
  onChange?: (names: string[]) => void
  disabled: boolean
}

/** 照片 of a service: sent as soon as they are chosen, shown to people once they are published. */
export function PhotosField({ value = [], onChange, disabled }: PhotosFieldProps) {
  const [no, setNo] = useState<string | null>(null)
  const put = useAct('putServicePhoto')
  const choose = async (file: File) => {
    const picture = await readPicture(file)
    if (!picture) return setNo(refusals.picture_invalid.zh)
    setNo(null)
    const id = newId()
    put.mutate(
      { params: { id }, body: { base64: picture.base64 } },
      {
        onSuccess: () => onChange?.([...value, rememberPhoto(id, picture.url)]),
        onError: ({ no: { message } }) => setNo(message),
      },
    )
  }
  const move = (from: number, to: number) => {
    const names = [...value]
    names.splice(to, 0, ...names.splice(from, 1))
    onChange?.(names)
  }
  return (
    <>
      <ol className="setting-photos">
        {value.map((name, at) => (
          <li key={name}>
            <Image
              width={120}
              height={90}
              src={photoUrl(name, 'thumb')}
              preview={{ src: photoUrl(name, 'large') }}
              alt={`照片 ${at + 1}`}
            />
            {at === 0 && <span className="setting-cover-mark">封面</span>}
            <span className="setting-photo-acts">
              <Button
                type="text"
                size="small"
                icon={<LeftOutlined />}
                aria-label={`照片 ${at + 1} 前移`}
                disabled={disabled || at === 0}
                onClick={() => move(at, at - 1)}
              />
              <Button
                type="text"
                size="small"
                aria-label={`移除照片 ${at + 1}`}
                disabled={disabled}
                onClick={() => onChange?.(value.filter((one) => one !== name))}
              >
                移除
              </Button>
              <Button
                type="text"
                size="small"
                icon={<RightOutlined />}
                aria-label={`照片 ${at + 1} 后移`}
                disabled={disabled || at === value.length - 1}
                onClick={() => move(at, at + 1)}
              />
            </span>
          </li>
        ))}
        {value.length < mostPhotos && (
          <li>
            <Upload
              accept={pictureAccept}
              showUploadList={false}
              disabled={disabled || put.isPending}
              beforeUpload={(file) => {
                void choose(file)
                return Upload.LIST_IGNORE
              }}
            >
              <Button
                className="setting-photo-add"
                icon={<PlusOutlined />}
                loading={put.isPending}
                disabled={disabled}
              >
                上传照片
              </Button>
            </Upload>
          </li>
        )}
      </ol>
      {no ? (
        <Typography.Text type="danger" role="alert">
          {no}
        </Typography.Text>
      ) : (
        <span className="quiet">
          第一张是封面；JPG、PNG 或 WebP，不超过 5 MB，自动裁成 4:3，最多 {mostPhotos} 张
        </span>
      )}
    </>
  )
}
