/**
 * Ends a run with one plain line, `N passed, N failed`, from Jest's own totals. A test file that
 * could not even be loaded has no tests to count, so it counts as one failure. Written at exit:
 * Jest prints its summary after all reporters are done, and a run that fails later than its tests
 * (in the global teardown) is not a clean one either.
 */
module.exports = class LastLine {
  onRunComplete(_contexts, results) {
    const failed = results.numFailedTests + results.numRuntimeErrorTestSuites
    process.once('exit', (code) => {
      const late = failed === 0 && code !== 0 ? 1 : 0
      process.stdout.write(`${results.numPassedTests} passed, ${failed + late} failed\n`)
    })
  }
}
