import type { WebSignIn } from './types.ts'

/** Not a browser (webSignIn.ts). */
export const webSignIn: WebSignIn | null = null
