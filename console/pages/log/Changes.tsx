import { changeWords, columnWord, type ObjectName, objectWords } from '@jiyue/contract/acts'
import { price } from '@jiyue/contract/money'
import { reminderKinds, type TemplateName } from '@jiyue/contract/reminder'
import type { ConsoleAct } from '@jiyue/contract/schema/acts'
import { ruleAbouts } from '@jiyue/contract/settings'
import { messageHostWords } from '@jiyue/contract/wording'
import { Link } from 'react-router'
import { translated } from '../../english/text.ts'
import { paths } from '../../paths.ts'
import { stampText } from '../../stamp.ts'
import { templateWords } from '../messages/templateWords.ts'

type Change = ConsoleAct['changes'][number]

const objectWord = (object: string) => objectWords[object as ObjectName] ?? object

/** What an act was about, on one line: 「门店 徐汇店」 and how many more. */
export function Subjects({ act }: { act: ConsoleAct }) {
  const [first] = act.changes
  if (!first) return null
  const more = act.changed - 1
  return (
    <>
      {objectWord(first.object)} {nameOf(first)}
      {more > 0 && <span className="quiet"> 等 {act.changed} 项</span>}
    </>
  )
}

/** Every changed thing, column by column, as it was and as it is. */
export function Changes({ act }: { act: ConsoleAct }) {
  return (
    <div className="log-changes">
      {act.changes.map((change) => (
        <section key={`${change.object} ${change.key} ${change.kind}`}>
          <h3>
            {changeWords[change.kind]}
            {objectWord(change.object)} {nameOf(change)}{' '}
            <Link to={paths.log({ object: change.object, key: change.key })}>全部历史</Link>
          </h3>
          <table>
            <thead>
              <tr>
                <th>项目</th>
                {change.kind !== 'insert' && <th>改之前</th>}
                {change.kind !== 'delete' && <th>改之后</th>}
              </tr>
            </thead>
            <tbody>
              {columnsOf(change).map((column) => (
                <tr key={column}>
                  <th>{columnWord(column)}</th>
                  {change.kind !== 'insert' && <td>{shown(column, change.before[column])}</td>}
                  {change.kind !== 'delete' && <td>{shown(column, change.after[column])}</td>}
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      ))}
      {act.changed > act.changes.length && (
        <p className="quiet">仅显示前 {act.changes.length} 项</p>
      )}
    </div>
  )
}

/** Rows whose key is a name of the contract's. */
const keyWords: Record<string, (key: string) => string | undefined> = {
  rules: (key) => ruleAbouts[key as keyof typeof ruleAbouts]?.zh,
  message_words: (key) => {
    const kind = reminderKinds[key as keyof typeof reminderKinds]
    return kind && translated(kind.zh)
  },
  host_templates: (key) => {
    const [host, template] = key.split(',') as [keyof typeof messageHostWords, TemplateName]
    return `${messageHostWords[host]} ${templateWords[template]}`
  },
}

function nameOf({ object, key, name }: Change) {
  const word = keyWords[object]?.(key)
  if (word) return word
  const text = name && /^\d{4}-\d\d-\d\dT/.test(name) ? stampText(name) : (name ?? '')
  return object === 'orders' ? <Link to={paths.order(key)}>{text}</Link> : text
}

const columnsOf = ({ before, after }: Change) => [
  ...new Set([...Object.keys(before), ...Object.keys(after)]),
]

/** A value as people read it; what is sealed came as 「•••」 and stays so. */
function shown(column: string, value: unknown): string {
  if (value === null || value === undefined || value === '') return '（空）'
  if (typeof value === 'boolean') return value ? '是' : '否'
  if (typeof value === 'number' && column.endsWith('_fen')) return price(value)
  if (typeof value === 'string' && /^\d{4}-\d\d-\d\dT\d\d:/.test(value)) return stampText(value)
  if (Array.isArray(value) && value.every((one) => typeof one === 'string')) return value.join('；')
  return typeof value === 'object' ? JSON.stringify(value, null, 1) : String(value)
}
