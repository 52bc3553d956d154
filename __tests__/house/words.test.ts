/** One word per thing (contract/words.ts): its synonyms are nobody's name. */
import path from 'node:path'
import { words } from '@jiyue/contract/words'
import ts from 'typescript'
import { committed, readSource } from './sources.ts'

const banned = Object.entries(words).flatMap(([word, { never }]) =>
  never.map((synonym) => ({ word, synonym, parts: partsOf(synonym) })),
)

/** `chooseTimeSlots`, `time_slot` → its words in lower case, plurals as singulars. */
function partsOf(name: string): string[] {
  const spaced = name.replace(/([a-z0-9])([A-Z])/g, '$1 $2').replace(/[^A-Za-z]+/g, ' ')
  return spaced
    .toLowerCase()
    .trim()
    .split(' ')
    .map((part) => part.replace(/s$/, ''))
}

/** The banned synonym inside a name, or null. */
function synonymIn(name: string): string | null {
  const all = ` ${partsOf(name).join(' ')} `
  const found = banned.find(({ parts }) => all.includes(` ${parts.join(' ')} `))
  return found ? `${found.synonym} (say ${found.word})` : null
}

/** Names a file gives to things; what it only uses of others is their language. */
function namesIn(file: string): string[] {
  const source = ts.createSourceFile(file, readSource(file), ts.ScriptTarget.ESNext)
  const names: string[] = []
  const visit = (node: ts.Node) => {
    const name = givesName(node)
    if (name) names.push(name)
    ts.forEachChild(node, visit)
  }
  visit(source)
  return names
}

function givesName(node: ts.Node): string | null {
  const named =
    ts.isVariableDeclaration(node) ||
    ts.isFunctionDeclaration(node) ||
    ts.isParameter(node) ||
    ts.isInterfaceDeclaration(node) ||
    ts.isTypeAliasDeclaration(node) ||
    ts.isClassDeclaration(node) ||
    ts.isPropertySignature(node) ||
    ts.isMethodSignature(node) ||
    ts.isPropertyAssignment(node) ||
    ts.isMethodDeclaration(node)
  if (!named || !node.name) return null
  return ts.isIdentifier(node.name) || ts.isStringLiteral(node.name) ? node.name.text : null
}

/** Here the platforms' own wire is spoken, in their words. */
const WIRES = /^server\/(payment\/gateways|platforms)\//

const files = committed(/\.(m?ts|tsx)$/, 'contract', 'server', 'src', 'console').filter(
  (file) => !WIRES.test(file),
)

test('the search finds a synonym however it is written, and not inside other words', () => {
  expect(synonymIn('listTimeSlots')).toContain('say slot')
  expect(synonymIn('timeslot')).toContain('say slot')
  expect(synonymIn('TIME_SLOT')).toContain('say slot')
  expect(synonymIn('reserveSeat')).toContain('say hold')
  expect(synonymIn('preserve')).toBeNull()
  expect(synonymIn('appointmentId')).toContain('say booking')
})

test('every word has one Chinese word, and no synonym is another word of ours', () => {
  const own = Object.keys(words)
  expect(new Set(Object.values(words).map((word) => word.zh)).size).toBe(own.length)
  for (const { synonym } of banned) expect(own).not.toContain(synonym)
})

test('nothing of ours is named by a synonym', () => {
  const found = files.flatMap((file) =>
    namesIn(file).flatMap((name) => {
      const synonym = synonymIn(name)
      return synonym ? [`${file}: ${name}: ${synonym}`] : []
    }),
  )
  expect(files.length).toBeGreaterThan(200)
  expect(found).toEqual([])
})

test('no file and no folder is named by a synonym', () => {
  const found = files.filter((file) =>
    file.split('/').some((part) => synonymIn(path.parse(part).name) !== null),
  )
  expect(found).toEqual([])
})
