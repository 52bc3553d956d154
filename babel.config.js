/**
 * Babel for `taro build` only; Jest has its own settings in jest.config.cjs.
 *
 * Targets are older than T8 asks for (iOS 12, Android 8) on purpose: everything is
 * lowered to ES5, the only syntax that every WeChat and Alipay engine in use parses.
 */
const KIT = '@nutui/nutui-react-taro'

/** Loads only the used parts of the UI kit, with only their styles (92 KB in place of 235 KB). */
const kitOnDemand = [
  'import',
  {
    libraryName: KIT,
    camel2DashComponentName: false,
    customName: (name) => `${KIT}/dist/es/packages/${name.toLowerCase()}`,
    style: (folder) => `${folder}/style/style.css`,
  },
  KIT,
]

/**
 * Of the contract's endpoints a phone needs its own, by method and path: the console's, and what each
 * does and refuses (said to the server and at /docs), would be 10 KB of every first visit.
 */
const notForPhones = ['does', 'refusals', 'right', 'perMinute']
const ownEndpoints = () => ({
  visitor: {
    ObjectProperty(property, { filename }) {
      if (!/[\\/]contract[\\/]api/.test(filename)) return
      const { key, value } = property.node
      if (notForPhones.includes(key.name) || isOfConsole(value)) property.remove()
    },
  },
})
const isOfConsole = ({ properties = [] }) =>
  properties.some(({ key, value }) => key?.name === 'path' && /^\/v1\/console/.test(value.value))

module.exports = {
  presets: [
    [
      'taro',
      {
        framework: 'react',
        ts: { allowDeclareFields: true },
        compiler: 'webpack5',
        targets: { ios: '9', android: '5' },
      },
    ],
  ],
  plugins: [kitOnDemand, ownEndpoints],
}
