import type { UserConfigExport } from '@tarojs/cli'

/** Terser, not esbuild: esbuild cannot lower to ES5. */
export default {
  jsMinimizer: 'terser',
} satisfies UserConfigExport<'webpack5'>
