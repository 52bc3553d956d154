import { DownloadOutlined } from '@ant-design/icons'
import { exportPath } from '@jiyue/contract/api/registrations'
import { dayOf } from '@jiyue/contract/time'
import { App, Button, Modal, Progress } from 'antd'
import { useEffect, useRef, useState } from 'react'
import { useAsk } from '../../asking.ts'
import { serverNow } from '../../clock.ts'
import { Reasoned } from '../../parts/Reasoned.tsx'
import { useWhyNoRight } from '../../useWhyNoRight.ts'
import { download } from './download.ts'

/** Bytes of a row in the file, about: for the bar alone. */
const ROW_BYTES = 95
const LEAST_BYTES = 3_000

/** Takes what the filter leaves out as an Excel file; says first what is in it. */
export function ExportButton({ filter }: { filter: Record<string, string> }) {
  const [open, setOpen] = useState(false)
  const reason = useWhyNoRight('export')
  return (
    <>
      <Reasoned reason={reason} icon={<DownloadOutlined />} onClick={() => setOpen(true)}>
        导出 Excel
      </Reasoned>
      {open && <ExportDialog filter={filter} close={() => setOpen(false)} />}
    </>
  )
}

function ExportDialog({ filter, close }: { filter: Record<string, string>; close: () => void }) {
  const { message } = App.useApp()
  const counted = useAsk('countRegistrations', { query: filter }, { staleTime: 0 })
  const [bytes, setBytes] = useState<number | null>(null)
  const [failure, setFailure] = useState<string | null>(null)
  const abort = useRef<AbortController | null>(null)
  useEffect(() => () => abort.current?.abort(), [])
  const count = counted.data?.count
  const running = bytes !== null

  async function start() {
    const going = new AbortController()
    abort.current = going
    const { signal } = going
    setFailure(null)
    setBytes(0)
    try {
      const name = `报名-${dayOf(serverNow())}.xlsx`
      await download(`${exportPath}?${new URLSearchParams(filter)}`, name, {
        came: setBytes,
        signal,
      })
      message.success(`已导出 ${count ?? ''} 条报名`)
      close()
    } catch (error) {
      setBytes(null)
      if (!signal.aborted) setFailure((error as Error).message)
    }
  }

  return (
    <Modal
      open
      title="导出报名"
      onCancel={close}
      footer={[
        <Button key="close" onClick={close}>
          取消
        </Button>,
        <Button
          key="start"
          type="primary"
          loading={running || counted.isPending}
          disabled={count === 0}
          onClick={() => void start()}
        >
          {failure ? '重试' : '导出'}
        </Button>,
      ]}
    >
      <p>
        {count === undefined && !counted.error && '正在统计…'}
        {count === 0 && '当前筛选没有报名，请先调整筛选条件'}
        {!!count && `将导出当前筛选的 ${count.toLocaleString('zh-CN')} 条报名`}
        {counted.error?.message}
      </p>
      <p className="quiet">文件含完整的手机号与身份证号，请妥善保管；每次导出都会留下记录</p>
      {running && (
        <Progress
          percent={Math.min(
            99,
            Math.round((100 * bytes) / (LEAST_BYTES + ROW_BYTES * (count ?? 1))),
          )}
          status="active"
          format={() => `${(bytes / 1_048_576).toFixed(1)} MB`}
        />
      )}
      {failure && (
        <p role="alert" className="registration-failure">
          {failure}
        </p>
      )}
    </Modal>
  )
}
