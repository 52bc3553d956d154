import { View } from '@tarojs/components'
import { useState } from 'react'
import { Line } from '../../fields/Line.tsx'
import { MainButton } from '../../parts/MainButton.tsx'
import { Card } from '../../parts/Page.tsx'
import { say, useAll } from '../../parts/useApp.ts'
import { app } from '../../phone.ts'

/** 称呼: what the person is called here, and by the merchant where no form asked (R2). */
export function NameCard() {
  const { signedIn } = useAll(app.session.store)
  const kept = signedIn?.user.name ?? ''
  const [typed, setTyped] = useState<string | null>(null)
  const [problem, setProblem] = useState<string>()
  const [saving, setSaving] = useState(false)
  const save = async () => {
    const name = (typed ?? kept).trim()
    if (name === '') return setProblem('请填写称呼')
    setSaving(true)
    const result = await app.session.rename(name)
    setSaving(false)
    if (!result.ok) return setProblem(result.message)
    setTyped(null)
    say('已保存')
  }
  return (
    <Card title="称呼">
      <Line
        label="称呼"
        value={typed ?? kept}
        placeholder="怎么称呼您"
        error={problem}
        maxlength={20}
        onType={(text) => {
          setTyped(text)
          setProblem(undefined)
        }}
      />
      <View className="privacy__gap" />
      <MainButton look="plain" text="保存称呼" busy={saving} onTap={save} />
    </Card>
  )
}
