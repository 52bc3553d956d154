const path = require('node:path')
const { default: Sequencer } = require('@jest/test-sequencer')

/**
 * The longest file, and those that build what others only take: the mini-programs and the H5, and the
 * console. Whoever needs a build before it is there waits for it with a worker in hand.
 */
const FIRST = ['truth/histories', 'house/bundles', 'console/forms']

/**
 * Folders whose files take longest. A long file that begins last would run alone at the end, and a
 * clean checkout has no times of an earlier run to go by. Pages come when their builds are there.
 */
const LONG = [
  ...['truth', 'start', 'flows', 'backup', 'cluster', 'gateways', 'races'],
  ...['app', 'console', 'hosts'],
]

module.exports = class LongestFirst extends Sequencer {
  sort(tests) {
    const rank = ({ path: file }) => {
      const folder = path.basename(path.dirname(file))
      const first = FIRST.indexOf(`${folder}/${path.basename(file, '.test.ts')}`)
      if (first !== -1) return first - FIRST.length
      const at = LONG.indexOf(folder)
      return at === -1 ? LONG.length : at
    }
    return super.sort(tests).sort((a, b) => rank(a) - rank(b))
  }
}
