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

/** What an endpoint does is said to readers and at /docs; on the phone it would be 8 KB of every visit. */
const withoutDocs = () => ({
  visitor: {
    ObjectProperty(property, { filename }) {
      if (!/[\\/]contract[\\/]api/.test(filename)) return
      if (property.node.key.name === 'does') property.remove()
    },
  },
})

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
  plugins: [kitOnDemand, withoutDocs],
}
