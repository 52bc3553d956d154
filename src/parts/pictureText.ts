/** H5: the text goes to the `img` within Taro's own box; '' for what only decorates. */
export const pictureText = (alt: string) => ({ imgProps: { alt } })
