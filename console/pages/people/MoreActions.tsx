import { DownOutlined } from '@ant-design/icons'
import type { Account } from '@jiyue/contract/schema/people'
import { App, Button, Dropdown, Input } from 'antd'
import { useAct } from '../../acting.ts'
import { queries } from '../../asking.ts'

interface MoreActionsProps {
  account: Account
  invite: () => void
}

/** What is rarely done to an account; what cannot be undone by one more tap asks for a reason first. */
export function MoreActions({ account, invite }: MoreActionsProps) {
  const { message } = App.useApp()
  const ask = useReason()
  const saved = (text: string) => () => {
    void queries.invalidateQueries()
    message.success(text)
  }
  const end = useAct('putDeactivation', { done: saved(`${account.name}已停用`) })
  const restore = useAct('deleteDeactivation', { done: saved(`${account.name}已恢复`) })
  const signOut = useAct('deletePersonSessions', { done: saved('已退出所有设备') })
  const reset = useAct('putSecondReset', { done: saved('两步验证已关闭') })
  const params = { id: account.id }
  const isOver = account.state === 'inactive'
  const acts = [
    {
      key: 'invite',
      label: account.state === 'invited' ? '重新发送邀请链接' : '发送重置密码链接',
      disabled: isOver,
      act: invite,
    },
    {
      key: 'signOut',
      label: '退出所有设备',
      disabled: account.sessions === 0,
      act: () => signOut.mutate({ params }),
    },
    {
      key: 'reset',
      label: '关闭两步验证',
      disabled: !account.second,
      act: () =>
        ask(
          `关闭${account.name}的两步验证？`,
          '仅在手机与恢复码都丢失时使用；关闭后须重新开启才能处理款项',
          (reason) => reset.mutateAsync({ params, body: { reason } }),
        ),
    },
    isOver
      ? { key: 'restore', label: '恢复', act: () => restore.mutate({ params }) }
      : {
          key: 'end',
          label: '停用',
          danger: true,
          act: () =>
            ask(`停用${account.name}？`, '立即退出所有设备，不能再登录；可随时恢复', (reason) =>
              end.mutateAsync({ params, body: { reason } }),
            ),
        },
  ]
  return (
    <Dropdown
      trigger={['click']}
      menu={{
        items: acts.map(({ act: _, ...item }) => item),
        onClick: ({ key }) => acts.find((one) => one.key === key)?.act(),
      }}
    >
      <Button aria-label={`更多 ${account.name}`}>
        更多 <DownOutlined />
      </Button>
    </Dropdown>
  )
}

/** Asks for a reason; the answer goes into the log. Stays open when the server says no. */
function useReason() {
  const { modal } = App.useApp()
  return (title: string, about: string, act: (reason: string) => Promise<unknown>) => {
    let reason = ''
    const open = modal.confirm({
      title,
      content: (
        <>
          <p>{about}</p>
          <Input
            aria-label="原因"
            placeholder="原因（必填）"
            maxLength={200}
            onChange={({ target }) => {
              reason = target.value.trim()
              open.update({ okButtonProps: { danger: true, disabled: reason === '' } })
            }}
          />
        </>
      ),
      okText: '确定',
      okButtonProps: { danger: true, disabled: true },
      onOk: () => act(reason),
    })
  }
}
