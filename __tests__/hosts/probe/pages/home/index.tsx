import type { Request } from '@jiyue/contract/client'
import type { PayParams } from '@jiyue/contract/payment'
import { refusals } from '@jiyue/contract/refusals'
import { Button, Input, Text, View } from '@tarojs/components'
import Taro from '@tarojs/taro'
import axios from 'axios'
import { useEffect, useState } from 'react'
import { send } from '../../../../../src/platform/http.ts'
import { onNetwork } from '../../../../../src/platform/network.ts'
import { pay } from '../../../../../src/platform/pay.ts'
import { phoneButton } from '../../../../../src/platform/phoneNumber.ts'
import { onPrivacyAsked } from '../../../../../src/platform/privacy.ts'
import { AGREE_BUTTON } from '../../../../../src/platform/privacyButton.ts'
import { scene } from '../../../../../src/platform/scene.ts'
import { onResize, windowSize } from '../../../../../src/platform/screen.ts'
import { loginCode } from '../../../../../src/platform/signIn.ts'
import { openSocket } from '../../../../../src/platform/socket.ts'
import { storage } from '../../../../../src/platform/storage.ts'
import type { Socket } from '../../../../../src/platform/types.ts'

let socket: Socket | undefined
let opened = 0

/** Each button does what the field says and shows the answer. */
export default function Home() {
  const [said, say] = useState('')
  const [answer, setAnswer] = useState('')
  const [net, setNet] = useState('')
  const [wire, setWire] = useState<string[]>([])
  const show = (value: unknown) => setAnswer(JSON.stringify(value))
  const [size, setSize] = useState(windowSize)
  const [privacy, setPrivacy] = useState<((agreed: boolean) => void) | null>(null)
  useEffect(() => onNetwork(setNet), [])
  useEffect(() => onResize(setSize), [])
  useEffect(() => onPrivacyAsked((agree) => setPrivacy(() => agree)), [])

  async function sendAndCancel() {
    const source = axios.CancelToken.source()
    const answered = send(JSON.parse(said) as Request, source.token)
    source.cancel()
    show(await answered)
  }
  function open() {
    const name = `线${++opened}`
    const note = (what: string) => setWire((all) => [...all, `${name}${what}`])
    socket = openSocket(said, {
      onOpen: () => note('开'),
      onMessage: (text) => note(`收到${text}`),
      onClose: () => note('断'),
    })
  }
  const phone = phoneButton(show)
  function choose(agreed: boolean) {
    privacy?.(agreed)
    setPrivacy(null)
  }

  return (
    <View>
      <Input id="say" value={said} onInput={(event) => say(event.detail.value)} />
      <Button onClick={async () => show(await send(JSON.parse(said) as Request))}>发送</Button>
      <Button onClick={sendAndCancel}>发送后取消</Button>
      <Button onClick={open}>开线</Button>
      <Button onClick={() => socket?.send(said)}>线上发</Button>
      <Button onClick={() => socket?.close()}>关线</Button>
      <Button onClick={() => storage.set('kept', said)}>存</Button>
      <Button onClick={() => show(storage.get('kept'))}>取</Button>
      <Button onClick={() => storage.remove('kept')}>删</Button>
      <Button onClick={async () => show(await loginCode())}>登录</Button>
      <Button onClick={async () => show(await pay(JSON.parse(said) as PayParams, 'p1'))}>
        付款
      </Button>
      <Button onClick={() => show(scene())}>看场景</Button>
      {phone && <Button {...phone}>手机号</Button>}
      <Button onClick={() => Taro.navigateTo({ url: `/pages/far/index?said=${said}` })}>
        去远处
      </Button>
      <Text>答：{answer}</Text>
      <Text>网：{net}</Text>
      <Text>宽：{size.width}</Text>
      {privacy && (
        <View>
          <Button
            id={AGREE_BUTTON}
            openType="agreePrivacyAuthorization"
            onAgreePrivacyAuthorization={() => choose(true)}
          >
            同意隐私指引
          </Button>
          <Button onClick={() => choose(false)}>不同意</Button>
        </View>
      )}
      <View>{wire.map((line) => `[${line}]`).join('')}</View>
      <View>{refusals.unavailable.zh}</View>
    </View>
  )
}
