import Taro from '@tarojs/taro'
import type { OpenDocument } from './types.ts'

/** Fetched, then shown by WeChat, with its menu for sending and saving. */
export const openDocument: OpenDocument = (path) =>
  new Promise((resolve) => {
    Taro.downloadFile({
      url: API_BASE + path,
      success: ({ statusCode, tempFilePath }) => {
        if (statusCode !== 200) return resolve(false)
        Taro.openDocument({
          filePath: tempFilePath,
          fileType: 'pdf',
          showMenu: true,
          success: () => resolve(true),
          fail: () => resolve(false),
        })
      },
      fail: () => resolve(false),
    })
  })
