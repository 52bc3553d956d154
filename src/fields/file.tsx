import { file } from '@jiyue/contract/fields/file'
import { formLimits } from '@jiyue/contract/form'
import { Text, View } from '@tarojs/components'
import { Icon } from '../parts/Icon.tsx'
import { Picture } from '../parts/Picture.tsx'
import { Tap } from '../parts/Tap.tsx'
import type { FieldProps } from './field.ts'
import './file.scss'
import { Wrong } from './Line.tsx'

/** Pictures: chosen, sent at once, taken away with one tap. */
export function FileField({ field, value, error, onPick, files }: FieldProps) {
  const kept = file.normalise(value ?? [])
  const isFull = kept.length >= (field.max ?? formLimits.files)
  return (
    <View>
      <View className="files">
        {kept.map(({ id, name }) => (
          <View key={id} className="files__one">
            {files.previews[id] ? (
              <Picture
                alt={name}
                className="files__image"
                src={files.previews[id]}
                mode="aspectFill"
              />
            ) : (
              <View className="files__sent">
                <Icon name="check" size={20} />
                <Text className="files__name">{`${name} 已上传`}</Text>
              </View>
            )}
            <Tap
              className="files__away"
              label={`删除${name}`}
              onTap={() => onPick(kept.filter((other) => other.id !== id))}
            >
              <View className="files__cross">
                <Icon name="cross" size={14} />
              </View>
            </Tap>
          </View>
        ))}
        {isFull ? null : (
          <Tap
            className={`files__add ${error() ? 'files__add--wrong' : ''}`}
            label={`为${field.label}添加图片`}
            disabled={files.sending}
            onTap={files.onAdd}
          >
            <Icon name="plus" size={24} />
            <Text className="files__word">{files.sending ? '上传中…' : '添加图片'}</Text>
          </Tap>
        )}
      </View>
      {field.hint ? <Text className="files__hint">{field.hint}</Text> : null}
      <Wrong text={error()} />
    </View>
  )
}
