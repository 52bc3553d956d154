export { DateInput } from './DateInput.weapp.tsx'
