import { openPool } from '../../server/db/pool.ts'
import { people } from '../../server/demo/world.ts'
import { seed } from '../../server/seed.ts'

/** Writes the demo world (once; later starts add the new days) and answers how to sign in. */
export async function seedDemo(databaseUrl: string): Promise<string[]> {
  const { db, close } = openPool(databaseUrl, { name: 'jiyue-seed' })
  try {
    await seed(db, new Date())
  } finally {
    await close()
  }
  return [
    ...people.map(({ login, password, name }) => `商家后台  ${login} / ${password}  ${name}`),
    '款项与员工账号需两步验证：登录后到「我的账号」开启；没有验证器应用时 npm run code -- 密钥',
    '用户端    任意 11 位手机号，验证码见沙箱发件箱',
  ]
}
