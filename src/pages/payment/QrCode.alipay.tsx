export { QrCode } from './QrCode.weapp.tsx'
