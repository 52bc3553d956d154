import { passwordLength, passwordProblem } from '@jiyue/contract/people'
import { Form, Input } from 'antd'

/** A new password, typed twice; what is wrong with it is said while typing, by the server's own rule. */
export function NewPassword({ login }: { login: string }) {
  return (
    <>
      <Form.Item
        name="password"
        label="新密码"
        extra={`至少 ${passwordLength.min} 位，可用一句只有您知道的话`}
        rules={[
          {
            validator(_, typed: string | undefined) {
              const problem = passwordProblem(typed ?? '', login)
              return problem ? Promise.reject(new Error(problem)) : Promise.resolve()
            },
          },
        ]}
      >
        <Input.Password autoComplete="new-password" maxLength={passwordLength.max} />
      </Form.Item>
      <Form.Item
        name="again"
        label="再次输入"
        dependencies={['password']}
        rules={[
          ({ getFieldValue }) => ({
            validator: (_, typed) =>
              typed === getFieldValue('password')
                ? Promise.resolve()
                : Promise.reject(new Error('两次输入不一致')),
          }),
        ]}
      >
        <Input.Password autoComplete="new-password" maxLength={passwordLength.max} />
      </Form.Item>
    </>
  )
}
