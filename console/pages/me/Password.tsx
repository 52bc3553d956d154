import { App, Button, Form, Input } from 'antd'
import { useAct } from '../../acting.ts'
import { queries } from '../../asking.ts'
import { NewPassword } from '../../parts/NewPassword.tsx'

interface Typed {
  current: string
  password: string
  again: string
}

/** Changing one's password; sessions elsewhere end with it. */
export function Password({ login }: { login: string }) {
  const { message } = App.useApp()
  const [form] = Form.useForm<Typed>()
  const change = useAct('putPassword', {
    form: { form, about: { password_wrong: 'current' } },
    done() {
      form.resetFields()
      void queries.invalidateQueries()
      message.success('密码已修改，其他设备上的登录已退出')
    },
  })
  return (
    <section className="card">
      <h2>修改密码</h2>
      <p className="quiet">修改后，其他设备需用新密码重新登录</p>
      <Form
        form={form}
        layout="vertical"
        onFinish={({ current, password }) => change.mutate({ body: { current, password } })}
      >
        <Form.Item
          name="current"
          label="当前密码"
          rules={[{ required: true, message: '请输入当前密码' }]}
        >
          <Input.Password autoComplete="current-password" />
        </Form.Item>
        <NewPassword login={login} />
        <Button htmlType="submit" loading={change.isPending}>
          修改密码
        </Button>
      </Form>
    </section>
  )
}
