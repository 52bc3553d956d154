/**
 * Which failed test files of a whole run are judged once more, alone (decision 045). No Jest in here.
 */
import path from 'node:path'

/** What a run of Jest says of itself: the totals, and those of each file with a failure. */
export interface Told {
  passed: number
  failed: number
  files: { file: string; passed: number; failed: number }[]
}

/**
 * What is guaranteed whatever runs beside it: a seat sold twice once in a thousand runs is a fault,
 * and so is a rule that holds most of the time.
 */
const FIRST_WORD_COUNTS = ['races', 'rules', 'truth', 'house']
/** More than these did not fail because the machine was busy. */
const MOST_FILES = 3

/** The failed files to run once more, alone; none where the first word counts or too much failed. */
export function filesAgain({ failed, files }: Told): string[] {
  const counts = ({ file }: Told['files'][number]) =>
    FIRST_WORD_COUNTS.includes(path.basename(path.dirname(file)))
  // What fails outside of all files (a teardown) is in the total alone.
  const inFiles = files.reduce((sum, one) => sum + one.failed, 0)
  if (files.length > MOST_FILES || inFiles !== failed || files.some(counts)) return []
  return files.map(({ file }) => file)
}

/** The totals of the whole run, with the second word of the files that were run again. */
export function together(first: Told, again: Told): { passed: number; failed: number } {
  const before = first.files.reduce((sum, one) => sum + one.passed, 0)
  return { passed: first.passed - before + again.passed, failed: again.failed }
}
