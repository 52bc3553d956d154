import { Alert, Button, Form, Input } from 'antd'
import { useState } from 'react'
import { Navigate, useSearchParams } from 'react-router'
import { useAct } from '../../acting.ts'
import { speak } from '../../english/language.ts'
import { other } from '../../frame/Language.tsx'
import { CodeInput } from '../../parts/CodeInput.tsx'
import { ownPath } from '../../paths.ts'
import { begin, useSession } from '../../session.ts'

function withName(search: URLSearchParams, name: string): URLSearchParams {
  const next = new URLSearchParams(search)
  next.set('name', name)
  return next
}

interface Typed {
  name: string
  password: string
  code?: string
}

/** 登录: name and password, a code where it is asked for; then to where the person wanted to go. */
export function Component() {
  const [form] = Form.useForm<Typed>()
  const { session, ended, device } = useSession()
  const [codeAsked, setCodeAsked] = useState(false)
  const [search] = useSearchParams()
  const signIn = useAct('createConsoleSession', {
    form: {
      form,
      about: { password_wrong: 'password', second_code: 'code', second_wrong: 'code' },
    },
    done: begin,
  })
  function send({ code, ...typed }: Typed) {
    const body = { ...typed, ...(code && { code }), ...(device && { device }) }
    signIn.mutate(
      { body },
      {
        onError({ no }) {
          if (no.code !== 'second_code') return
          // Asking is no reproach.
          form.setFields([{ name: 'code', errors: [] }])
          setCodeAsked(true)
        },
      },
    )
  }
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
          initialValues={{ name: search.get('name') ?? '' }}
          onFinish={send}
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
          <Form.Item
            name="code"
            label="动态验证码"
            hidden={!codeAsked}
            extra="验证器应用中的 6 位数字，或一个恢复码"
          >
            {codeAsked ? <CodeInput autoFocus /> : <Input />}
          </Form.Item>
          <Button type="primary" htmlType="submit" block loading={signIn.isPending}>
            登录
          </Button>
        </Form>
        <Button
          type="link"
          block
          className="sign-in-language"
          lang={other.language}
          onClick={() => {
            // The page loads anew; who had typed their account need not again.
            const name = form.getFieldValue('name')
            if (name) history.replaceState(null, '', `?${withName(search, name)}`)
            speak(other.language)
          }}
        >
          {other.name}
        </Button>
      </section>
    </main>
  )
}
