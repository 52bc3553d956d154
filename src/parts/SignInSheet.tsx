import { isPhone, normalisePhone } from '@jiyue/contract/fields/phone'
import { compact } from '@jiyue/contract/fields/typed'
import { Input, Text, View } from '@tarojs/components'
import { useEffect, useState } from 'react'
import { app } from '../phone.ts'
import type { Session } from '../stores/session.ts'
import { MainButton } from './MainButton.tsx'
import { phoneType } from './phoneType.ts'
import { Sheet } from './Sheet.tsx'
import './signInSheet.scss'
import { Tap } from './Tap.tsx'
import { useAll } from './useApp.ts'

/** Asks who the person is: phone number and a code by SMS. Only hosts without silent sign-in. */
export function SignInSheet({ session }: { session: Session }) {
  const { asking } = useAll(session.store)
  return asking ? <SignIn session={session} /> : null
}

function SignIn({ session }: { session: Session }) {
  const [phone, setPhone] = useState('')
  const [code, setCode] = useState('')
  const [errors, setErrors] = useState<{ phone?: string; code?: string }>({})
  const [busy, setBusy] = useState(false)
  const [wait, setWait] = useSeconds()

  const checkPhone = () => {
    const good = isPhone(normalisePhone(phone))
    setErrors(good ? {} : { phone: '请输入 11 位有效手机号' })
    return good
  }
  const sendCode = async () => {
    if (!checkPhone()) return
    const sent = await session.sendCode(normalisePhone(phone))
    if (sent.ok) setWait(sent.value.resendAfterSeconds)
    else setErrors({ phone: sent.message })
  }
  const signInByWechat = async () => {
    const leaving = await session.signInByWechat()
    if (!leaving) setErrors({ code: '暂时无法使用微信登录，请用手机号登录' })
  }
  const signIn = async () => {
    if (!checkPhone()) return
    if (!/^\d{6}$/.test(compact(code))) return setErrors({ code: '请输入 6 位短信验证码' })
    setBusy(true)
    const result = await session.signInByCode(normalisePhone(phone), compact(code))
    setBusy(false)
    if (!result.ok) setErrors({ code: result.message })
  }

  return (
    <Sheet
      open
      title="手机号登录"
      onClose={session.dismiss}
      foot={<MainButton text="登录" busy={busy} onTap={signIn} />}
    >
      <Text className="sign-in__why">登录后为您保留名额，订单可在任意设备继续</Text>
      <View className={`sign-in__line ${errors.phone ? 'sign-in__line--wrong' : ''}`}>
        <Input
          className="sign-in__input"
          type={phoneType}
          maxlength={20}
          value={phone}
          placeholder="手机号"
          {...{ 'aria-label': '手机号', autoComplete: 'tel' }}
          onInput={(event) => setPhone(event.detail.value)}
          onBlur={() => phone !== '' && checkPhone()}
        />
      </View>
      <Text className="sign-in__error">{errors.phone ?? ''}</Text>
      <View className={`sign-in__line ${errors.code ? 'sign-in__line--wrong' : ''}`}>
        <Input
          className="sign-in__input"
          type={phoneType}
          maxlength={6}
          value={code}
          placeholder="短信验证码"
          {...{ 'aria-label': '短信验证码', autoComplete: 'one-time-code' }}
          onInput={(event) => setCode(event.detail.value)}
          onConfirm={signIn}
        />
        <Tap className="sign-in__send" disabled={wait > 0} onTap={sendCode}>
          <Text>{wait > 0 ? `${wait} 秒后重发` : '获取验证码'}</Text>
        </Tap>
      </View>
      <Text className="sign-in__error">{errors.code ?? ''}</Text>
      {app.phone.webSignIn ? (
        <MainButton look="plain" text="使用微信登录" onTap={signInByWechat} />
      ) : null}
    </Sheet>
  )
}

/** Seconds that run down to nought. */
function useSeconds(): [number, (seconds: number) => void] {
  const [left, setLeft] = useState(0)
  useEffect(() => {
    if (left <= 0) return
    const timer = setTimeout(() => setLeft(left - 1), 1000)
    return () => clearTimeout(timer)
  }, [left])
  return [left, setLeft]
}
