/** Id of the agree button, by which WeChat knows that a person pressed it. */
export const AGREE_BUTTON = 'privacy-agree'
