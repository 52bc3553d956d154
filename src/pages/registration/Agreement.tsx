import { currentPrivacy } from '@jiyue/contract/privacy'
import { Text, View } from '@tarojs/components'
import { useState } from 'react'
import { Sheet } from '../../parts/Sheet.tsx'
import { Tap } from '../../parts/Tap.tsx'
import './agreement.scss'

/** What submitting agrees to (X11), beside the button; its whole text one tap away. */
export function Agreement() {
  const [open, setOpen] = useState(false)
  return (
    <>
      <Tap className="agreement" onTap={() => setOpen(true)}>
        <Text>提交即同意</Text>
        <Text className="agreement__name">{`《个人信息说明》第 ${currentPrivacy.version} 版`}</Text>
      </Tap>
      <Sheet open={open} title="个人信息说明" onClose={() => setOpen(false)}>
        <Text className="agreement__from">
          {`第 ${currentPrivacy.version} 版，${currentPrivacy.from} 起生效`}
        </Text>
        {currentPrivacy.paragraphs.map((text) => (
          <View key={text} className="agreement__text">
            {text}
          </View>
        ))}
      </Sheet>
    </>
  )
}
