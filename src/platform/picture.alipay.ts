import { pictureBytes } from '@jiyue/contract/proof'
import type { ChoosePicture } from './types.ts'

/** my.chooseImage, compressed by the host, read as base64. */
export const choosePicture: ChoosePicture = () =>
  new Promise((resolve) => {
    my.chooseImage({
      count: 1,
      sizeType: ['compressed'],
      sourceType: ['album', 'camera'],
      success: (chosen) => {
        // Older versions know only the first name.
        const path = chosen.apFilePaths?.[0] ?? chosen.tempFilePaths?.[0]
        if (!path) return resolve(null)
        my.getFileSystemManager().readFile({
          filePath: path,
          encoding: 'base64',
          success: ({ data }) =>
            resolve(
              data.length * 0.75 > pictureBytes ? 'too_large' : { base64: data, preview: path },
            ),
          fail: () => resolve('unreadable'),
        })
      },
      // Closed without a choice, or the album is not allowed: the person knows.
      fail: () => resolve(null),
    })
  })
