import { erasing } from '@jiyue/contract/privacy'
import { Text, View } from '@tarojs/components'
import { useState } from 'react'
import { Icon } from '../../parts/Icon.tsx'
import { MainButton } from '../../parts/MainButton.tsx'
import { Problem } from '../../parts/Problem.tsx'
import { Sheet } from '../../parts/Sheet.tsx'
import { useAll } from '../../parts/useApp.ts'
import type { Privacy } from '../../stores/privacy.ts'

interface EraseSheetProps {
  privacy: Privacy
  onClose: () => void
  onDone: () => void
}

/** Before the tap: what goes, what stays and why. */
export function EraseSheet({ privacy, onClose, onDone }: EraseSheetProps) {
  const { busy } = useAll(privacy.store)
  const [problem, setProblem] = useState<string>()
  const erase = async () => {
    const no = await privacy.erase()
    if (no) setProblem(no.message)
    else onDone()
  }
  return (
    <Sheet
      open
      title="删除我的信息"
      onClose={onClose}
      foot={<MainButton look="danger" text="确认删除，无法恢复" busy={busy} onTap={erase} />}
    >
      <Text className="privacy__head">立即删除</Text>
      {erasing.gone.map((line) => (
        <View key={line} className="privacy__line">
          <Icon name="cross" />
          <Text className="privacy__what">{line}</Text>
        </View>
      ))}
      <Text className="privacy__head">依法保留</Text>
      {erasing.kept.map((line) => (
        <View key={line} className="privacy__line">
          <Icon name="lock" />
          <Text className="privacy__what">{line}</Text>
        </View>
      ))}
      <Problem text={problem} />
    </Sheet>
  )
}
