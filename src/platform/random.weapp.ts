export { randomBytes } from './randomBytes.ts'
