import { translated } from '../english/text.ts'
import { failureWord } from '../words.ts'

/** Why something failed, in words; the platform's own code on hover, to ask the platform with. */
export function Failure({ failure }: { failure: string }) {
  return <span title={failure}>{translated(failureWord(failure))}</span>
}
