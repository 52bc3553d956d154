import type { Service } from '@jiyue/contract/schema/wire'
import { Text, View } from '@tarojs/components'
import { useState } from 'react'
import { Picture } from '../../parts/Picture.tsx'
import { photo } from '../../parts/useApp.ts'
import './staffFace.scss'

interface StaffFaceProps {
  one: Pick<Service['staff'][number], 'name' | 'photo'>
  large?: boolean
}

/** A portrait; the first character of the name where there is none, or until it can be had. */
export function StaffFace({ one, large = false }: StaffFaceProps) {
  // The address that could not be had: a new portrait has another one.
  const [lost, setLost] = useState<string | null>(null)
  return (
    <View className={`face ${large ? 'face--large' : ''}`} {...{ 'aria-hidden': true }}>
      <Text className="face__initial">{one.name.slice(0, 1)}</Text>
      {one.photo && one.photo !== lost ? (
        <Picture
          alt=""
          className="face__photo"
          src={photo(one.photo)}
          mode="aspectFill"
          onError={() => setLost(one.photo)}
        />
      ) : null}
    </View>
  )
}
