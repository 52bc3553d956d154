import { CheckCircleOutlined, SafetyOutlined } from '@ant-design/icons'
import { rightWords, secondRights } from '@jiyue/contract/people'
import type { ConsoleMe } from '@jiyue/contract/schema/people'
import { Alert, App, Button, Form, Input, Typography } from 'antd'
import { useState } from 'react'
import { useAct } from '../../acting.ts'
import { queries } from '../../asking.ts'
import { CodeInput } from '../../parts/CodeInput.tsx'
import { Copied } from '../../parts/Copied.tsx'
import { qrPicture } from './qrPicture.ts'

interface Offer {
  secret: string
  uri: string
}

const why = secondRights.map((right) => rightWords[right]).join('、')

/** 两步验证: off, being set up, or on; and its recovery codes, which are shown once. */
export function Second({ me }: { me: ConsoleMe }) {
  const [offer, setOffer] = useState<Offer | null>(null)
  const [asking, setAsking] = useState<'secret' | 'codes' | null>(null)
  const [codes, setCodes] = useState<readonly string[] | null>(null)
  function show(recoveryCodes: readonly string[]) {
    setCodes(recoveryCodes)
    setOffer(null)
    setAsking(null)
    void queries.invalidateQueries()
  }
  return (
    <section className="card" id="second">
      <h2>
        {me.second ? <CheckCircleOutlined /> : <SafetyOutlined />} 两步验证
        {me.second ? '（已开启）' : '（未开启）'}
      </h2>
      <p className="quiet">登录时除密码外，再输入手机验证器应用里的动态验证码。{why}需要先开启</p>
      {codes && <RecoveryCodes codes={codes} done={() => setCodes(null)} />}
      {offer && <Scan offer={offer} done={show} />}
      {!offer && !codes && (!me.second || asking === 'secret') && (
        <Begin me={me} begun={setOffer} />
      )}
      {!offer && !codes && asking === 'codes' && <Renew done={show} />}
      {me.second && !offer && !codes && asking === null && (
        <div className="page-actions">
          <Button onClick={() => setAsking('secret')}>更换手机</Button>
          <Button onClick={() => setAsking('codes')}>重新生成恢复码</Button>
        </div>
      )}
    </section>
  )
}

/** The password first: whoever finds a screen left open sets up nothing. */
function Begin({ me, begun }: { me: ConsoleMe; begun: (offer: Offer) => void }) {
  const [form] = Form.useForm<{ own: string; code?: string }>()
  const begin = useAct('createSecond', {
    form: { form, about: { password_wrong: 'own', second_wrong: 'code' } },
    done: begun,
  })
  return (
    <Form
      form={form}
      layout="vertical"
      onFinish={({ own, code }) => begin.mutate({ body: { password: own, ...(code && { code }) } })}
    >
      <Form.Item
        name="own"
        label="登录密码"
        rules={[{ required: true, message: '请输入登录密码' }]}
      >
        <Input.Password autoComplete="current-password" />
      </Form.Item>
      {me.second && (
        <Form.Item
          name="code"
          label="现在的动态验证码"
          extra="手机不在身边时，可用一个恢复码"
          rules={[{ required: true, message: '请输入动态验证码' }]}
        >
          <CodeInput />
        </Form.Item>
      )}
      <Button type="primary" htmlType="submit" loading={begin.isPending}>
        {me.second ? '下一步' : '开启两步验证'}
      </Button>
    </Form>
  )
}

function Scan({ offer, done }: { offer: Offer; done: (codes: readonly string[]) => void }) {
  const { message } = App.useApp()
  const [form] = Form.useForm<{ code: string }>()
  const prove = useAct('putSecond', {
    form: { form, about: { second_wrong: 'code', second_over: 'code' } },
    done({ recoveryCodes }) {
      message.success('两步验证已开启，其他设备上的登录已退出')
      done(recoveryCodes)
    },
  })
  return (
    <div className="second-steps">
      <div className="second-scan">
        <img src={qrPicture(offer.uri)} alt="两步验证二维码" />
        <div>
          <p>1. 用验证器应用扫描二维码</p>
          <p className="quiet">无法扫描时，手动输入密钥：</p>
          <Copied text={offer.secret} label="密钥" />
        </div>
      </div>
      <Form form={form} layout="vertical" onFinish={(body) => prove.mutate({ body })}>
        <Form.Item
          name="code"
          label="2. 输入应用显示的 6 位动态验证码"
          rules={[{ required: true, message: '请输入动态验证码' }]}
        >
          <CodeInput autoFocus />
        </Form.Item>
        <Button type="primary" htmlType="submit" loading={prove.isPending}>
          确认开启
        </Button>
      </Form>
    </div>
  )
}

function Renew({ done }: { done: (codes: readonly string[]) => void }) {
  const [form] = Form.useForm<{ code: string }>()
  const renew = useAct('createRecoveryCodes', {
    form: { form, about: { second_wrong: 'code' } },
    done: ({ recoveryCodes }) => done(recoveryCodes),
  })
  return (
    <Form form={form} layout="vertical" onFinish={(body) => renew.mutate({ body })}>
      <Form.Item
        name="code"
        label="动态验证码"
        rules={[{ required: true, message: '请输入动态验证码' }]}
      >
        <CodeInput autoFocus />
      </Form.Item>
      <Button htmlType="submit" loading={renew.isPending}>
        生成新的恢复码
      </Button>
    </Form>
  )
}

function RecoveryCodes({ codes, done }: { codes: readonly string[]; done: () => void }) {
  return (
    <>
      <Alert
        type="warning"
        showIcon
        title="请保存以下恢复码，只显示这一次"
        description="手机丢失时，每个恢复码可代替动态验证码登录一次。以前的恢复码已失效"
      />
      <ul className="recovery" aria-label="恢复码">
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ul>
      <div className="me-actions">
        <Typography.Text copyable={{ text: codes.join('\n') }}>复制全部恢复码</Typography.Text>
        <Button type="primary" onClick={done}>
          我已保存
        </Button>
      </div>
    </>
  )
}
