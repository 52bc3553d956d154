import type { OpenDocument } from './types.ts'

/** Fetched, then shown by Alipay. A status outside 2xx comes as a failure. */
export const openDocument: OpenDocument = (path) =>
  new Promise((resolve) => {
    my.downloadFile({
      url: API_BASE + path,
      success: (fetched) => {
        // Older versions know only the first name.
        const filePath = fetched.apFilePath ?? fetched.tempFilePath
        if (!filePath) return resolve(false)
        my.openDocument({
          filePath,
          fileType: 'pdf',
          success: () => resolve(true),
          fail: () => resolve(false),
        })
      },
      fail: () => resolve(false),
    })
  })
