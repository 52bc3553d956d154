import { pictureBytes } from '@jiyue/contract/proof'
import Taro from '@tarojs/taro'
import type { ChoosePicture, ChosenPicture } from './types.ts'

/** Larger files are compressed once more before they travel. */
const LARGE_BYTES = 400 * 1024

/** wx.chooseMedia, compressed, read as base64. */
export const choosePicture: ChoosePicture = () =>
  Taro.chooseMedia({
    count: 1,
    mediaType: ['image'],
    sizeType: ['compressed'],
    sourceType: ['album', 'camera'],
  }).then(
    ({ tempFiles: [file] }) => (file ? read(file.tempFilePath, file.size) : null),
    // Closed without a choice, or the album is not allowed: the person knows.
    () => null,
  )

async function read(original: string, size: number): Promise<ChosenPicture> {
  const path = size > LARGE_BYTES ? await smaller(original) : original
  return new Promise((resolve) => {
    Taro.getFileSystemManager().readFile({
      filePath: path,
      encoding: 'base64',
      success: ({ data }) => {
        const base64 = String(data)
        resolve(base64.length * 0.75 > pictureBytes ? 'too_large' : { base64, preview: path })
      },
      fail: () => resolve('unreadable'),
    })
  })
}

/** WeChat compresses JPEG only; what it cannot is sent as it is. */
function smaller(path: string): Promise<string> {
  return Taro.compressImage({ src: path, quality: 75 }).then(
    ({ tempFilePath }) => tempFilePath,
    () => path,
  )
}
