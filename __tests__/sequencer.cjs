const path = require('node:path')
const { default: Sequencer } = require('@jest/test-sequencer')

/**
 * Folders whose files take longest. A long file that begins last would run alone at the end, and a
 * clean checkout has no times of an earlier run to go by.
 */
const LONG = ['truth', 'start', 'flows', 'app', 'console', 'hosts', 'backup', 'cluster']

module.exports = class LongestFirst extends Sequencer {
  sort(tests) {
    const rank = ({ path: file }) => {
      const at = LONG.indexOf(path.basename(path.dirname(file)))
      return file.endsWith('histories.test.ts') ? -1 : at === -1 ? LONG.length : at
    }
    return super.sort(tests).sort((a, b) => rank(a) - rank(b))
  }
}
