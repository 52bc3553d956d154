/**
 * Ends a run with one plain line, `N passed, N failed`, from Jest's own totals, and just before it one
 * line for each test that failed: who sees only the end of a log sees what to look at. A test file
 * that could not even be loaded has no tests to count, so it counts as one failure. Written at exit:
 * Jest prints its summary after all reporters are done, and a run that fails later than its tests
 * (in the global teardown) is not a clean one either. `JIYUE_TOLD` names a file for the same as JSON:
 * `npm test` reads it (deploy/start/again.ts).
 */
const { writeFileSync } = require('node:fs')
const path = require('node:path')
const { stripVTControlCharacters } = require('node:util')

module.exports = class LastLine {
  onRunComplete(_contexts, results) {
    const failed = results.numFailedTests + results.numRuntimeErrorTestSuites
    // Where the global teardown throws, Jest takes `write` away from its streams before it exits.
    const say = process.stdout.write.bind(process.stdout)
    const lines = results.testResults.flatMap(failuresOf)
    process.once('exit', (code) => {
      const late = failed === 0 && code !== 0 ? 1 : 0
      const told = process.env.JIYUE_TOLD
      if (told) writeFileSync(told, JSON.stringify(toldOf(results, failed + late)))
      const why = late ? [`the run › it ended with code ${code} after its tests`] : lines
      const last = `${results.numPassedTests} passed, ${failed + late} failed`
      say(`${[...why, last].join('\n')}\n`)
    })
  }
}

/** The totals of a run, and of each of its files with a failure. */
function toldOf(results, failed) {
  const files = results.testResults
    .map(({ testFilePath, testExecError, numPassingTests, numFailingTests }) => ({
      file: path.relative(process.cwd(), testFilePath),
      passed: numPassingTests,
      failed: numFailingTests + (testExecError ? 1 : 0),
    }))
    .filter((one) => one.failed > 0)
  return { passed: results.numPassedTests, failed, files }
}

/** `file › test: first line of its message`: of each failed test, and of a file that failed as a whole. */
function failuresOf({ testFilePath, testExecError, testResults }) {
  const told = testResults
    .filter(({ status }) => status === 'failed')
    .map(({ fullName, failureMessages }) => [fullName, failureMessages[0]])
  // What an afterAll throws has its words in the stack only.
  const { message, stack } = testExecError ?? {}
  if (testExecError) told.unshift(['the file', message || stack])
  const file = path.relative(process.cwd(), testFilePath)
  return told.map(([name, why]) => `${file} › ${name.replace(/\s+/g, ' ')}: ${firstLine(why)}`)
}

/** Messages come with colours, and the stack below them. */
function firstLine(message = '') {
  const lines = stripVTControlCharacters(String(message)).split('\n')
  return lines.map((line) => line.trim()).find(Boolean) ?? 'no message'
}
