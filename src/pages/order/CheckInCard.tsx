import { clockText, dateText } from '@jiyue/contract/time'
import { Text, View } from '@tarojs/components'
import { useEffect } from 'react'
import { Card } from '../../parts/Page.tsx'
import { Picture } from '../../parts/Picture.tsx'
import { Bone } from '../../parts/Skeleton.tsx'
import { useAll, useOnce } from '../../parts/useApp.ts'
import { app } from '../../phone.ts'
import { createCheckIn } from '../../stores/checkIn.ts'
import './checkIn.scss'

/** The code for the desk (B10): a picture to scan, eight digits to read out. */
export function CheckInCard({ orderId }: { orderId: string }) {
  const checkIn = useOnce(() => createCheckIn(app, orderId))
  const { code, failed } = useAll(checkIn.store)
  useEffect(() => {
    void checkIn.load()
  }, [checkIn])
  return (
    <Card title="核销码">
      <View className="check-in">
        {code ? (
          <>
            <Picture alt="核销二维码" className="check-in__picture" src={code.picture} />
            <Text className="check-in__code">{`${code.code.slice(0, 4)} ${code.code.slice(4)}`}</Text>
            <Text className="check-in__hint">
              {`请出示给工作人员，${dateText(code.from)} ${clockText(code.from)} 起可核销`}
            </Text>
          </>
        ) : failed ? (
          <Text className="check-in__hint">核销码未能加载，报订单号也可核销</Text>
        ) : (
          <Bone height={176} />
        )}
      </View>
    </Card>
  )
}
