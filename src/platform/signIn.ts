import type { LoginCode } from './types.ts'

/** A browser knows nobody: the person signs in with a code by SMS. */
export const loginCode: LoginCode = async () => ({ host: 'h5' })
