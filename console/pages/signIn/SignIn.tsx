import { Alert, Button, Form, Input } from 'antd'
import { Navigate, useSearchParams } from 'react-router'
import { useAct } from '../../acting.ts'
import { ownPath } from '../../paths.ts'
import { begin, useSession } from '../../session.ts'

/** 登录: name and password; then to where the person wanted to go. */
export function Component() {
  const [form] = Form.useForm<{ name: string; password: string }>()
  const { session, ended } = useSession()
  const [search] = useSearchParams()
  const signIn = useAct('createConsoleSession', {
    form: { form, about: { password_wrong: 'password' } },
    done: begin,
  })
  if (session) return <Navigate to={ownPath(search.get('to'))} replace />
  return (
    <main className="sign-in">
      <section className="sign-in-card">
        <img src={`${import.meta.env.BASE_URL}favicon.svg`} alt="" width={48} height={48} />
        <h1>即约商家后台</h1>
        <p className="quiet">预约、报名、缴费，一处看清</p>
        {ended === 'expired' && <Alert type="info" showIcon title="登录已过期，请重新登录后继续" />}
        <Form
          form={form}
          layout="vertical"
          size="large"
          onFinish={(body) => signIn.mutate({ body })}
        >
          <Form.Item name="name" label="账号" rules={[{ required: true, message: '请输入账号' }]}>
            <Input autoFocus autoComplete="username" autoCapitalize="none" spellCheck={false} />
          </Form.Item>
          <Form.Item
            name="password"
            label="密码"
            rules={[{ required: true, message: '请输入密码' }]}
          >
            <Input.Password autoComplete="current-password" />
          </Form.Item>
          <Button type="primary" htmlType="submit" block loading={signIn.isPending}>
            登录
          </Button>
        </Form>
      </section>
    </main>
  )
}
