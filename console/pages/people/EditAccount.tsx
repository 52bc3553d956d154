import { roles, roleWords } from '@jiyue/contract/people'
import type { Account } from '@jiyue/contract/schema/people'
import { App, Form, Input, Modal, Select } from 'antd'
import { useAct } from '../../acting.ts'
import { queries } from '../../asking.ts'

interface EditAccountProps {
  id: string
  /** Undefined for a new one. */
  account: Account | undefined
  close: () => void
  added: (id: string) => void
}

interface Typed {
  login: string
  name: string
  role: Account['role']
  phone?: string
  mail?: string
}

/** Adds an account, whose link is shown next, or changes one. */
export function EditAccount({ id, account, close, added }: EditAccountProps) {
  const { message } = App.useApp()
  const [form] = Form.useForm<Typed>()
  const put = useAct('putPerson', {
    form: { form, about: { login_taken: 'login', last_owner: 'role' } },
    async done() {
      await queries.invalidateQueries()
      close()
      if (account) message.success('已保存')
      else added(id)
    },
  })
  const { phone, mail, ...kept } = account ?? {}
  return (
    <Modal
      title={account ? `编辑 ${account.name}` : '邀请员工'}
      open
      onCancel={close}
      okText={account ? '保存' : '生成邀请链接'}
      okButtonProps={{ htmlType: 'submit', form: 'account', loading: put.isPending }}
    >
      <Form
        id="account"
        form={form}
        layout="vertical"
        initialValues={{ ...kept, phone: phone ?? '', mail: mail ?? '' }}
        onFinish={({ phone, mail, ...typed }) =>
          put.mutate({
            params: { id },
            body: { ...typed, phone: phone || null, mail: mail || null },
          })
        }
      >
        <Form.Item
          name="name"
          label="姓名"
          rules={[{ required: true, whitespace: true, message: '请填写姓名' }]}
        >
          <Input maxLength={20} />
        </Form.Item>
        <Form.Item
          name="login"
          label="账号"
          extra="登录时使用，2–32 位小写字母、数字或 . _ -"
          rules={[
            {
              required: true,
              pattern: /^[a-z0-9][a-z0-9._-]{1,31}$/,
              message: '账号为 2–32 位小写字母、数字或 . _ -',
            },
          ]}
        >
          <Input maxLength={32} autoCapitalize="none" spellCheck={false} />
        </Form.Item>
        <Form.Item name="role" label="角色" rules={[{ required: true, message: '请选择角色' }]}>
          <Select options={roles.map((value) => ({ value, label: roleWords[value] }))} />
        </Form.Item>
        <Form.Item
          name="phone"
          label="手机号（选填）"
          extra="填写后，链接会同时以短信发送"
          rules={[{ pattern: /^1\d{10}$/, message: '请输入 11 位有效手机号' }]}
        >
          <Input maxLength={11} inputMode="tel" />
        </Form.Item>
        <Form.Item
          name="mail"
          label="邮箱（选填）"
          rules={[{ type: 'email', message: '请输入正确邮箱地址' }]}
        >
          <Input maxLength={100} inputMode="email" />
        </Form.Item>
      </Form>
    </Modal>
  )
}
