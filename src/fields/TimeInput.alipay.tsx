export { TimeInput } from './TimeInput.weapp.tsx'
