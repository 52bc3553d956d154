import { Text } from '@tarojs/components'
import { Line, Wrong } from '../../fields/Line.tsx'
import { Icon } from '../../parts/Icon.tsx'
import { Card } from '../../parts/Page.tsx'
import { Picture } from '../../parts/Picture.tsx'
import { Problem } from '../../parts/Problem.tsx'
import { Tap } from '../../parts/Tap.tsx'
import type { ProofState, ProofStore } from '../../stores/proof.ts'
import './proofForm.scss'

/** Picture, amount, number; what is wrong stands beside its field. */
export function ProofForm({ proof, state }: { proof: ProofStore; state: ProofState }) {
  const { errors, picture } = state
  return (
    <Card title="支付凭证">
      <Text className="proof__why">
        请上传支付账单详情的截图，需能看清金额、时间和交易单号。商家核对后会通知您。
      </Text>
      <Tap
        className={`proof__picture ${errors.picture ? 'proof__picture--wrong' : ''}`}
        label={picture ? '更换截图' : '选择截图'}
        disabled={state.stage !== 'editing'}
        onTap={() => void proof.choosePicture()}
      >
        {picture ? (
          <>
            <Picture
              alt="支付截图"
              className="proof__image"
              src={picture.preview}
              mode="aspectFit"
            />
            <Text className="proof__change">更换截图</Text>
          </>
        ) : (
          <>
            <Icon name="plus" size={28} />
            <Text className="proof__choose">选择截图</Text>
            <Text className="proof__types">JPG、PNG 或 WebP，自动压缩</Text>
          </>
        )}
      </Tap>
      <Wrong text={errors.picture} />
      <Text className="proof__label">实付金额（元）</Text>
      <Line
        label="实付金额"
        type="digit"
        maxlength={12}
        value={state.amount}
        placeholder="账单上的金额"
        error={errors.amount}
        onType={proof.typeAmount}
      />
      <Text className="proof__label">交易单号（选填）</Text>
      <Line
        label="交易单号"
        maxlength={70}
        value={state.transactionId}
        placeholder="账单详情中的单号，可加快核对"
        error={errors.transactionId}
        onType={proof.typeTransactionId}
      />
      <Problem text={state.problem?.message} />
    </Card>
  )
}
