/** H5: the text goes to the `img` within Taro's own element; '' for what only decorates. */
export const pictureText = (alt: string) => ({ nativeProps: { alt } })
