import path from 'node:path'
import { defineConfig, type UserConfigExport } from '@tarojs/cli'
import webpack from 'webpack'
import dev from './dev.ts'
import { HostFile } from './hostFile.ts'
import prod from './prod.ts'

/** Which front is being built; `taro build --type` sets it before it reads this file. */
const host = process.env.TARO_ENV as 'weapp' | 'alipay' | 'h5'

/** Where mini-programs find the API; H5 is served by the API itself, so it asks its own origin. */
const apiBase = process.env.JIYUE_API_BASE ?? (host === 'h5' ? '' : 'https://api.jiyue.example')

const root = path.resolve(__dirname, '..')

/**
 * What lies outside src but must be lowered to ES5 all the same: our contract, and packages,
 * for many ship newer syntax. React and Babel's own parts are ES5 already.
 */
const alsoCompile = [
  path.join(root, 'contract'),
  path.join(__dirname, 'noAdapter.ts'),
  /node_modules[\\/](?!(@babel|react|react-dom|scheduler)[\\/])/,
]

/**
 * px stays px on every host: rpx is 2.7 times too big on a tablet and drifts from the UI kit.
 * The plugin stays on all the same, for it picks the host's branch of `#ifdef` in the kit's
 * styles. Taro's types forget 'px'; its style plugin and runtime both know it.
 */
const pxtransform = { enable: true, config: { targetUnit: 'px' as 'rem' } }

/** Axios names its adapters `./xhr.js` and `./fetch.js`; some KB that this front never runs. */
const ownAdapter: [RegExp, (asked: { context: string; request: string }) => void] = [
  host === 'h5' ? /^\.\/fetch\.js$/ : /^\.\/(xhr|fetch)\.js$/,
  (asked) => {
    if (/[\\/]axios[\\/]lib[\\/]adapters$/.test(asked.context)) {
      asked.request = path.join(__dirname, 'noAdapter.ts')
    }
  },
]

export default defineConfig<'webpack5'>(async (merge) => {
  const base: UserConfigExport<'webpack5'> = {
    projectName: 'jiyue',
    date: '2026-11-22',
    designWidth: 375,
    deviceRatio: { 375: 2, 640: 2.34 / 2, 750: 1, 828: 1.81 / 2 },
    sourceRoot: 'src',
    outputRoot: `dist/${host}`,
    framework: 'react',
    // Prebundling was measured: no gain in size or time.
    compiler: { type: 'webpack5', prebundle: { enable: false } },
    // Not for mini-programs: of modules that sub-packages share, Taro 4.2 writes out what its cache
    // held before the change, so a rebuilt app ran old code or broke (seen; cold and warm compared).
    cache: { enable: host === 'h5' },
    logger: { quiet: true, stats: false },
    // The kit is written with <i> and <span>: without this plugin they vanish in mini-programs.
    plugins: ['@tarojs/plugin-html', path.join(__dirname, 'importLines.ts')],
    // The only build-time values that src may read: an undefined `process.env.X` is a
    // ReferenceError in mini-programs.
    defineConstants: { API_BASE: JSON.stringify(apiBase) },
    mini: {
      compile: { include: alsoCompile },
      optimizeMainPackage: { enable: true },
      miniCssExtractPluginOption: { ignoreOrder: true },
      postcss: { pxtransform },
      webpackChain: (chain) => {
        chain.resolve.plugin('HostFile').use(HostFile, [host])
        chain.plugin('ownAdapter').use(webpack.NormalModuleReplacementPlugin, ownAdapter)
      },
    },
    h5: {
      compile: { include: alsoCompile },
      useHtmlComponents: true,
      publicPath: '/',
      staticDirectory: 'static',
      router: { mode: 'browser' },
      output: {
        filename: 'js/[name].[contenthash:8].js',
        chunkFilename: 'js/[name].[contenthash:8].js',
      },
      miniCssExtractPluginOption: {
        ignoreOrder: true,
        filename: 'css/[name].[contenthash:8].css',
        chunkFilename: 'css/[name].[contenthash:8].css',
      },
      postcss: { pxtransform },
      webpackChain: (chain) => {
        chain.resolve.plugin('HostFile').use(HostFile, [host])
        chain.plugin('ownAdapter').use(webpack.NormalModuleReplacementPlugin, ownAdapter)
        // What pages share is styled once, before them: a page that is opened later would bring the
        // shared rules again, behind those of the pages that are open.
        chain.optimization.splitChunks({
          ...chain.optimization.get('splitChunks'),
          cacheGroups: {
            ...chain.optimization.get('splitChunks')?.cacheGroups,
            parts: {
              name: 'parts',
              test: /[\\/]src[\\/](parts|fields)[\\/].*\.scss$/,
              type: 'css/mini-extract',
              chunks: 'all',
              enforce: true,
              priority: 100,
            },
            // What most pages use is fetched once, not with each page again.
            shared: { name: 'shared', type: /javascript/, chunks: 'async', minChunks: 9 },
          },
        })
        // Sizes are judged gzipped and per first visit by __tests__/house/bundles.test.ts.
        chain.performance.hints(false)
      },
    },
  }
  return merge({}, base, process.env.NODE_ENV === 'development' ? dev : prod)
})
