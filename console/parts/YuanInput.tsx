import type { Fen } from '@jiyue/contract/money'
import { InputNumber, type InputNumberProps } from 'antd'

interface YuanInputProps
  extends Omit<InputNumberProps<number>, 'value' | 'onChange' | 'max' | 'min' | 'precision'> {
  value?: Fen | null
  onChange?: (fen: Fen | null) => void
  min?: Fen
  max?: Fen
}

/** People type yuan, everything else has fen. Two decimals, so rounding never moves an amount. */
export function YuanInput({ value, onChange, min, max, ...rest }: YuanInputProps) {
  return (
    <InputNumber<number>
      {...rest}
      prefix="¥"
      precision={2}
      controls={false}
      inputMode="decimal"
      value={value == null ? null : value / 100}
      onChange={(yuan) => onChange?.(yuan == null ? null : Math.round(yuan * 100))}
      {...(min !== undefined && { min: min / 100 })}
      {...(max !== undefined && { max: max / 100 })}
    />
  )
}
