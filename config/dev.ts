import type { UserConfigExport } from '@tarojs/cli'

/** `taro build --watch` with NODE_ENV=development: H5 asks a locally running API. */
export default {
  h5: {
    devServer: {
      port: 10086,
      proxy: [{ context: ['/v1'], target: 'http://127.0.0.1:3000', ws: true }],
    },
  },
} satisfies UserConfigExport<'webpack5'>
