import { Image, type ImageProps } from '@tarojs/components'
import { pictureText } from './pictureText.ts'

/** A picture; `alt`: what it shows, '' where the words beside it say that already. */
export function Picture({ alt, ...props }: ImageProps & { alt: string }) {
  return <Image {...props} {...pictureText(alt)} />
}
