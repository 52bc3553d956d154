export { phoneType } from './phoneType.weapp.ts'
