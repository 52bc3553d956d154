import { CheckCircleOutlined, ExclamationCircleOutlined } from '@ant-design/icons'
import type { Account } from '@jiyue/contract/schema/people'
import { Alert, Button, Modal, Skeleton } from 'antd'
import { useEffect } from 'react'
import { useAct } from '../../acting.ts'
import { queries } from '../../asking.ts'
import { Copied } from '../../parts/Copied.tsx'
import { stampText } from '../../stamp.ts'

const channels = { sms: '短信', mail: '邮件' }

/** Makes the link at once and shows it this once, with where it was sent to. */
export function Invited({ account, close }: { account: Account; close: () => void }) {
  const made = useAct('createInvitation', { done: () => void queries.invalidateQueries() })
  const { mutate } = made
  useEffect(() => mutate({ params: { id: account.id } }), [mutate, account.id])
  return (
    <Modal
      title={`${account.name}的链接`}
      open
      onCancel={close}
      footer={
        <Button type="primary" onClick={close}>
          完成
        </Button>
      }
    >
      {made.isError && <Alert type="error" showIcon title={made.error.message} />}
      {!made.isError && !made.data && <Skeleton active paragraph={{ rows: 2 }} />}
      {made.data && (
        <div className="invited">
          <div className="invited-link">
            <Copied text={made.data.link} label="链接" />
          </div>
          <span>
            打开后可设置密码，仅可使用一次，{stampText(made.data.expiresAt)}{' '}
            前有效。只显示这一次，以前的链接已失效
          </span>
          {made.data.sent.map(({ channel, ok }) => (
            <span key={channel} className={`state state-${ok ? 'good' : 'bad'}`}>
              {ok ? <CheckCircleOutlined /> : <ExclamationCircleOutlined />}{' '}
              {ok
                ? `已通过${channels[channel]}发送`
                : `${channels[channel]}未能发送，请复制链接转发`}
            </span>
          ))}
        </div>
      )}
    </Modal>
  )
}
