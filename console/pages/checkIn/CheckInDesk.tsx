import { readCheckInCode } from '@jiyue/contract/checkIn'
import { Alert, Button, Input, Space } from 'antd'
import { useState } from 'react'
import { Page } from '../../parts/Page.tsx'
import { useWhyNoRight } from '../../useWhyNoRight.ts'
import './checkIn.scss'
import { Found } from './Found.tsx'
import { PictureScan } from './PictureScan.tsx'
import { Scanner } from './Scanner.tsx'

/** 核销 (B10): the desk types the code or scans it, sees whose it is, and checks in. */
export function Component() {
  const noRight = useWhyNoRight('check_in')
  const [typed, setTyped] = useState('')
  const [code, setCode] = useState<string | null>(null)
  const [wrong, setWrong] = useState<string | null>(null)
  const [scanning, setScanning] = useState(false)

  const take = (text: string) => {
    const read = readCheckInCode(text)
    setCode(read)
    setScanning(false)
    setWrong(read ? null : '这不是核销码：核销码为 8 位数字，或订单页上的二维码')
    if (read) setTyped(`${read.slice(0, 4)} ${read.slice(4)}`)
  }
  const next = () => {
    setCode(null)
    setTyped('')
  }
  return (
    <Page title="核销" about="输入客户订单上的 8 位核销码，或扫描二维码">
      {noRight ? (
        <Alert type="info" showIcon title={noRight} />
      ) : (
        <div className="desk">
          <section className="card desk-ask">
            <form
              onSubmit={(event) => {
                event.preventDefault()
                take(typed)
              }}
            >
              <Space.Compact block>
                <Input
                  size="large"
                  className="desk-code"
                  aria-label="核销码"
                  placeholder="1234 5678"
                  inputMode="numeric"
                  autoComplete="off"
                  autoFocus
                  maxLength={40}
                  value={typed}
                  status={wrong ? 'error' : ''}
                  onChange={({ target }) => {
                    setTyped(target.value)
                    setWrong(null)
                  }}
                />
                <Button size="large" type="primary" htmlType="submit" disabled={typed === ''}>
                  查询
                </Button>
              </Space.Compact>
            </form>
            {wrong && (
              <p role="alert" className="desk-wrong">
                {wrong}
              </p>
            )}
            <Space wrap>
              <Button onClick={() => setScanning(!scanning)} aria-pressed={scanning}>
                {scanning ? '关闭摄像头' : '摄像头扫码'}
              </Button>
              <PictureScan
                onRead={take}
                onNothing={() => setWrong('图片里没有认出二维码，请换一张')}
              />
            </Space>
            {scanning && <Scanner onRead={take} />}
          </section>
          {code ? (
            <Found key={code} code={code} onNext={next} />
          ) : (
            <section className="card desk-empty quiet">
              查到的订单会显示在这里，核对姓名与时段后再核销
            </section>
          )}
        </div>
      )}
    </Page>
  )
}
