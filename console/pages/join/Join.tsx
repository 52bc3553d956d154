import { Button, Form, Result, Skeleton } from 'antd'
import { useEffect, useState } from 'react'
import { useLocation, useNavigate } from 'react-router'
import { useAct } from '../../acting.ts'
import { askFor, type Refused } from '../../asking.ts'
import { NewPassword } from '../../parts/NewPassword.tsx'
import { paths } from '../../paths.ts'
import { leave } from '../../session.ts'
import '../signIn/signIn.scss'

type Invitation = Awaited<ReturnType<typeof askFor<'readInvitation'>>>

/** 设置密码: where an invitation's link leads. The token stands after the # and is sent in a body only. */
export function Component() {
  const token = useLocation().hash.slice(1)
  const [form] = Form.useForm<{ password: string; again: string }>()
  const navigate = useNavigate()
  const { invitation, refused } = useInvitation(token)
  const set = useAct('createPassword', {
    form: { form },
    done({ login }) {
      leave()
      void navigate(paths.signInAs(login), { replace: true })
    },
  })
  if (refused)
    return (
      <main className="sign-in">
        <Result
          status="warning"
          title={refused.message}
          extra={<Button onClick={() => navigate(paths.signIn())}>去登录</Button>}
        />
      </main>
    )
  return (
    <main className="sign-in">
      <section className="sign-in-card">
        <img src={`${import.meta.env.BASE_URL}favicon.svg`} alt="" width={48} height={48} />
        <h1>设置密码</h1>
        {!invitation ? (
          <Skeleton active paragraph={{ rows: 4 }} />
        ) : (
          <>
            <p className="quiet">
              {invitation.name}，欢迎加入{invitation.merchant}。您的账号是{' '}
              <strong>{invitation.login}</strong>
            </p>
            <Form
              form={form}
              layout="vertical"
              size="large"
              onFinish={({ password }) => set.mutate({ body: { token, password } })}
            >
              <NewPassword login={invitation.login} />
              <Button type="primary" htmlType="submit" block loading={set.isPending}>
                保存并去登录
              </Button>
            </Form>
          </>
        )}
      </section>
    </main>
  )
}

/** Asked once, not as a query: what it says is nobody's to keep. */
function useInvitation(token: string) {
  const [invitation, setInvitation] = useState<Invitation | null>(null)
  const [refused, setRefused] = useState<Refused | null>(null)
  useEffect(() => {
    let over = false
    askFor('readInvitation', { body: { token: token.padEnd(20, '-') } }).then(
      (found) => !over && setInvitation(found),
      (error) => !over && setRefused(error),
    )
    return () => {
      over = true
    }
  }, [token])
  return { invitation, refused }
}
