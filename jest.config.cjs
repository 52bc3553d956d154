const os = require('node:os')

/**
 * One runner for every kind of test (see DESIGN, "Tests by guarantee"). Babel is set up here and
 * nowhere else: Taro's own babel.config.js compiles the phone, not the tests.
 */
const BABEL = {
  configFile: false,
  babelrc: false,
  presets: [
    ['@babel/preset-env', { targets: { node: 'current' } }],
    ['@babel/preset-typescript', { onlyRemoveTypeImports: true }],
    ['@babel/preset-react', { runtime: 'automatic' }],
  ],
  plugins: ['babel-plugin-transform-import-meta'],
}

/** Packages that ship ES modules only, so Jest has to compile them like our own files. */
const ESM_ONLY = ['kysely', 'content-disposition', '@tarojs', '@nutui', 'lodash-es', 'swiper']

/**
 * Two workers more than cores: a test waits for PostgreSQL, for a page that moves, for an answer. The
 * whole suite on two cores took 51 minutes with two workers and 23 with four, both in a fresh clone with
 * nothing beside it. Each wants some 4 GB with its browser and servers.
 */
const GB = 2 ** 30
const WORKERS = Math.max(
  2,
  Math.min(os.availableParallelism() + 2, Math.floor(os.totalmem() / (4 * GB))),
)

module.exports = {
  roots: ['<rootDir>/__tests__'],
  testMatch: ['**/__tests__/**/*.test.{ts,tsx}'],
  transform: { '\\.(m?js|cjs|jsx|tsx?)$': ['babel-jest', BABEL] },
  transformIgnorePatterns: [`/node_modules/(?!(${ESM_ONLY.join('|')})/)`],
  moduleFileExtensions: ['ts', 'tsx', 'js', 'mjs', 'cjs', 'jsx', 'json', 'node'],
  testEnvironment: '<rootDir>/__tests__/environment.ts',
  globalSetup: '<rootDir>/__tests__/globalSetup.ts',
  globalTeardown: '<rootDir>/__tests__/globalTeardown.ts',
  testSequencer: '<rootDir>/__tests__/sequencer.cjs',
  reporters: ['default', '<rootDir>/__tests__/reporter.cjs'],
  cacheDirectory: '<rootDir>/.cache/jest',
  maxWorkers: WORKERS,
  // Jest keeps something of every file: a worker that has grown begins anew between two files.
  workerIdleMemoryLimit: 1.5 * GB,
  // Ends what hangs; nothing is measured by it, and the machine may be busy.
  testTimeout: 180_000,
}
