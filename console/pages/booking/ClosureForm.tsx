import type { ConsoleSlot } from '@jiyue/contract/schema/wire'
import { App, Form, Input } from 'antd'
import { Link } from 'react-router'
import { useAct } from '../../acting.ts'
import { translated } from '../../english/text.ts'
import { Reasoned } from '../../parts/Reasoned.tsx'
import { paths } from '../../paths.ts'
import { useWhyNoRight } from '../../useWhyNoRight.ts'
import { showSlot } from './showSlot.ts'

/** Closes a slot with its reason, or opens a closed one again. Orders that exist stay. */
export function ClosureForm({ slot }: { slot: ConsoleSlot }) {
  return (
    <>
      {slot.checking && (
        <p className="quiet">
          核对发现异常，系统已停售：<Link to={paths.audit()}>查看并处理</Link>
        </p>
      )}
      {slot.closedReason === null ? <Close slot={slot} /> : <Reopen slot={slot} />}
    </>
  )
}

function Close({ slot }: { slot: ConsoleSlot }) {
  const { message } = App.useApp()
  const noRight = useWhyNoRight('slots')
  const [form] = Form.useForm<{ reason: string }>()
  const close = useAct('putClosure', {
    form: { form },
    done(saved) {
      showSlot(saved)
      message.success('时段已关闭')
    },
  })
  return (
    <Form
      form={form}
      layout="vertical"
      onFinish={(body) => close.mutate({ params: { id: slot.id }, body })}
    >
      <Form.Item
        name="reason"
        label="关闭原因"
        extra={slot.taken > 0 ? `已约的 ${slot.taken} 人不受影响` : '关闭后用户不能再预约'}
        rules={[{ required: true, whitespace: true, message: '请写明关闭原因' }]}
      >
        <Input maxLength={100} placeholder="如：设备检修" />
      </Form.Item>
      <Reasoned danger block htmlType="submit" reason={noRight} loading={close.isPending}>
        关闭时段
      </Reasoned>
    </Form>
  )
}

function Reopen({ slot }: { slot: ConsoleSlot }) {
  const { message } = App.useApp()
  const noRight = useWhyNoRight('slots')
  const reopen = useAct('deleteClosure', {
    done(saved) {
      showSlot(saved)
      message.success('时段已重新开放')
    },
  })
  return (
    <>
      <p className="quiet">关闭原因：{slot.closedReason && translated(slot.closedReason)}</p>
      <Reasoned
        block
        type="primary"
        reason={noRight}
        loading={reopen.isPending}
        onClick={() => reopen.mutate({ params: { id: slot.id } })}
      >
        重新开放
      </Reasoned>
    </>
  )
}
