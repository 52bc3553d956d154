import type { OnPrivacyAsked } from './types.ts'

/** Only WeChat stops an API until the privacy guide is agreed to. */
export const onPrivacyAsked: OnPrivacyAsked = () => undefined

/** Opens the merchant's privacy guide where the host keeps one; false: show our own page. */
export const openPrivacyGuide = async (): Promise<boolean> => false
