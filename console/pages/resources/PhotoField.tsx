import { UserOutlined } from '@ant-design/icons'
import { refusals } from '@jiyue/contract/refusals'
import { Avatar, Button, Space, Typography, Upload } from 'antd'
import { useState } from 'react'
import { pictureAccept, readPicture } from '../../pictureFile.ts'

/** A portrait, or the first character of the name where there is none or it cannot be had. */
export function Face({
  name,
  photo,
  size = 40,
}: {
  name: string
  photo: string | null
  size?: number
}) {
  const initial = name.slice(0, 1)
  return (
    <Avatar
      size={size}
      alt={name}
      {...(photo && { src: photo })}
      icon={!initial && <UserOutlined />}
    >
      {initial}
    </Avatar>
  )
}

interface PhotoFieldProps {
  name: string
  /** The portrait that is kept. */
  photo: string | null
  /** What saving changes: a new portrait, none any more (null), or nothing. */
  value?: { base64: string } | null
  onChange?: (value: { base64: string } | null | undefined) => void
}

/** 照片 of a staff member: chosen here, kept with the rest of the form. */
export function PhotoField({ name, photo, value, onChange }: PhotoFieldProps) {
  const [chosen, setChosen] = useState<string | null>(null)
  const [no, setNo] = useState<string | null>(null)
  const shown = value === null ? null : value ? chosen : photo
  const choose = async (file: File) => {
    const picture = await readPicture(file)
    if (!picture) return setNo(refusals.picture_invalid.zh)
    setNo(null)
    setChosen(picture.url)
    onChange?.({ base64: picture.base64 })
  }
  return (
    <Space size={16}>
      <Face name={name} photo={shown} size={72} />
      <Space orientation="vertical" size={4}>
        <Space>
          <Upload
            accept={pictureAccept}
            showUploadList={false}
            beforeUpload={(file) => {
              void choose(file)
              return false
            }}
          >
            <Button>{shown ? '更换照片' : '上传照片'}</Button>
          </Upload>
          {shown && (
            <Button
              type="text"
              onClick={() => {
                setNo(null)
                onChange?.(photo ? null : undefined)
              }}
            >
              移除
            </Button>
          )}
        </Space>
        {no ? (
          <Typography.Text type="danger" role="alert">
            {no}
          </Typography.Text>
        ) : (
          <span className="quiet">JPG、PNG 或 WebP，不超过 5 MB；自动裁成方形</span>
        )}
      </Space>
    </Space>
  )
}
