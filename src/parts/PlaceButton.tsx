import { Text } from '@tarojs/components'
import { useState } from 'react'
import type { MapPlace } from '../lib/phone.ts'
import { app } from '../phone.ts'
import { Icon } from './Icon.tsx'
import './placeButton.scss'
import { Tap } from './Tap.tsx'
import { say } from './useApp.ts'

interface PlaceButtonProps {
  onPlace: (place: MapPlace) => void
}

/** Asks the host where something is: its map, or where a browser is (B3). */
export function PlaceButton({ onPlace }: PlaceButtonProps) {
  const [asking, setAsking] = useState(false)
  const choose = async () => {
    if (asking) return
    setAsking(true)
    const chosen = await app.phone.choosePlace()
    setAsking(false)
    if (chosen === 'denied') say('未能获取位置，请在系统设置中允许')
    else if (chosen) onPlace(chosen)
  }
  return (
    <Tap className="place-button" onTap={() => void choose()}>
      <Icon name="pin" size={14} />
      <Text className="place-button__words">{asking ? '正在获取位置…' : app.phone.placeWords}</Text>
    </Tap>
  )
}
