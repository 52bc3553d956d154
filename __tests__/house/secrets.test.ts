/** What is committed tells nothing of the machine it was made on, and holds no secret. */
import { committed, readSource } from './sources.ts'

const texts = committed(
  /\.(m?[jt]sx?|cjs|json|md|sql|scss|html|ya?ml|sh|conf|service|txt)$|(^|\/)\.\w+$|^\.ci\//,
)
const holding = (secret: RegExp, list = texts) =>
  list.filter((file) => secret.test(readSource(file)))

/** In two parts, so that this file does not find itself. */
const joined = (...parts: string[]) => new RegExp(parts.join(''))

test('the files are read', () => expect(texts.length).toBeGreaterThan(300))

test.each([
  ['the folder it was made in', joined('(^|[^\\w.])/wo', 'rk/(main|shared|\\.)')],
  ['somebody’s home', joined('(^|[\\s\'"`=(:])/(home|Us', 'ers)/[a-z]')],
  ['the home of root', joined('/ro', 'ot/[\\w.]')],
  ['a folder of this run', joined('/tm', 'p/(brief|bash_)')],
])('no file names %s', (_, secret) => expect(holding(secret)).toEqual([]))

test('packages come from where everybody’s come from: no registry is named', () => {
  const lock = readSource('package-lock.json')
  const hosts = [...lock.matchAll(/"resolved": "(https?:\/\/[^/"]+)/g)].map(([, host]) => host)
  expect(new Set(hosts.filter((host) => host !== 'https://registry.npmjs.org'))).toEqual(new Set())
  const named = joined('regi', 'stry\\s*=|npm_config_regi', 'stry|_auth', 'Token')
  expect(
    holding(
      named,
      committed(/./).filter((file) => /npmrc$|yarnrc|package\.json$|\.ci\//.test(file)),
    ),
  ).toEqual([])
})

test('no private key outside the tests’ own vectors', () => {
  const keys = holding(
    joined('BEGIN (RSA |EC |ENCRYPTED )?PRI', 'VATE KEY-----\\\\?n?\\s*[A-Za-z0-9+/]'),
  )
  expect(keys.filter((file) => !file.startsWith('__tests__/'))).toEqual([])
})

test('no data, keys, builds or logs are committed', () => {
  const never =
    /(^|\/)(node_modules|dist|data|logs|coverage|\.cache)\/|\.(pem|key|p12|pfx|log|sqlite|dump)$|(^|\/)\.env/
  expect(committed(never)).toEqual([])
})
