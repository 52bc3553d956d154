import type { PhoneButton } from './types.ts'

/** A browser has no such button: the number is typed and proved by SMS. */
export const phoneButton: PhoneButton = () => null
