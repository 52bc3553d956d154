/** The real phone: the one place where stores meet the host. */
import Taro from '@tarojs/taro'
import { jsonStorage } from './lib/jsonStorage.ts'
import { newId } from './lib/newId.ts'
import { cashierReturn, onCashierReturn } from './platform/cashier.ts'
import { askConsents } from './platform/consent.ts'
import { openDocument } from './platform/document.ts'
import { send } from './platform/http.ts'
import { onNetwork } from './platform/network.ts'
import { pay } from './platform/pay.ts'
import { choosePicture } from './platform/picture.ts'
import { choosePlace, placeWords } from './platform/place.ts'
import { randomBytes } from './platform/random.ts'
import { scene } from './platform/scene.ts'
import { loginCode } from './platform/signIn.ts'
import { openSocket } from './platform/socket.ts'
import { storage } from './platform/storage.ts'
import { webSignIn } from './platform/webSignIn.ts'
import { createApp } from './stores/app.ts'

export const app = createApp({
  scene,
  send,
  storage: jsonStorage(storage),
  openSocket,
  pay,
  loginCode,
  webSignIn,
  cashierReturn,
  onCashierReturn,
  choosePicture,
  choosePlace,
  placeWords,
  askConsents,
  openDocument,
  now: () => Date.now(),
  newId: () => newId(Date.now(), randomBytes(10)),
  secret: () => Array.from(randomBytes(16), (byte) => `0${byte.toString(16)}`.slice(-2)).join(''),
  later(ms, run) {
    const timer = setTimeout(run, ms)
    return () => clearTimeout(timer)
  },
})

Taro.onAppShow(() => void app.wake())
// The last look may be the one that tells why somebody left.
Taro.onAppHide(() => app.looks.hurry())
onNetwork((state) => {
  app.net.setState({ weak: state !== 'online' })
  if (state === 'online') void app.wake()
})
