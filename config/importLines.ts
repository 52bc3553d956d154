import { sources } from 'webpack'

interface Build {
  modifyBuildAssets(change: (build: { assets: Record<string, sources.Source> }) => void): void
}

/** Taro plugin: each `@import` on its own line, for Alipay's IDE reads only one of a line. */
export default function importLines(build: Build): void {
  build.modifyBuildAssets(({ assets }) => {
    for (const [name, asset] of Object.entries(assets)) {
      if (!name.endsWith('.acss')) continue
      const text = String(asset.source()).replace(/;(?=@import)/g, ';\n')
      assets[name] = new sources.RawSource(text)
    }
  })
}
