/**
 * Builds one front into a folder of its own: `node taroBuild.mts <target> <out> [<source>]`, both
 * folders relative to the project's root. The same as `npm run build:<target>`, but for the
 * folders: dist/ stays the user's, and the probe app is built by the product's own settings.
 */
import { createRequire } from 'node:module'
import path from 'node:path'

interface TaroConfig {
  init(env: { mode: string; command: string }): Promise<void>
  isInitSuccess: boolean
  initialConfig: {
    sourceRoot: string
    outputRoot: string
    cache: object
    mini: Compiled
    h5: Compiled
  }
}
interface Compiled {
  compile: { include: (string | RegExp)[] }
}

const root = path.resolve(import.meta.dirname, '../..')
const require = createRequire(path.join(root, 'package.json'))
const [target = '', out = '', source = 'src'] = process.argv.slice(2)
process.env.TARO_ENV = target
process.env.NODE_ENV = 'production'
process.chdir(root)

const { Config, Kernel } = require('@tarojs/service')
const cli = path.join(path.dirname(require.resolve('@tarojs/cli')), 'dist')

const config: TaroConfig = new Config({ appPath: root, disableGlobalConfig: true })
await config.init({ mode: 'production', command: 'build' })
if (!config.isInitSuccess) process.exit(1)
const settings = config.initialConfig
settings.outputRoot = out
settings.sourceRoot = source
settings.cache = { enable: target === 'h5', name: `tests-${target}-${source.replace(/\W+/g, '-')}` }
// Taro lowers only what lies in the source folder; the probe uses files of src too.
for (const { compile } of [settings.mini, settings.h5]) {
  compile.include.push(path.join(root, 'src'))
}

const kernel = new Kernel({
  appPath: root,
  presets: [path.join(cli, 'presets/index.js')],
  config,
  plugins: [],
})
kernel.optsPlugins = [
  path.join(cli, 'presets/commands/build.js'),
  `@tarojs/plugin-platform-${target}`,
  '@tarojs/plugin-framework-react',
]
kernel.cliCommandsPath = path.join(cli, 'presets/commands')
kernel.cliCommands = ['build']
await kernel.run({
  name: 'build',
  opts: { _: ['build'], options: { platform: target, args: {}, noCheck: true, isWatch: false } },
})
