import type { AskConsents } from './types.ts'

/** A browser sends no messages of its own. */
export const askConsents: AskConsents = () => Promise.resolve(null)
