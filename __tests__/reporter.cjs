/**
 * Ends a run with one plain line, `N passed, N failed`, from Jest's own totals. A test file that
 * could not even be loaded has no tests to count, so it counts as one failure. Written at exit:
 * Jest prints its summary after all reporters are done.
 */
module.exports = class LastLine {
  onRunComplete(_contexts, results) {
    const failed = results.numFailedTests + results.numRuntimeErrorTestSuites
    process.once('exit', () => {
      process.stdout.write(`${results.numPassedTests} passed, ${failed} failed\n`)
    })
  }
}
