/** `node deploy/migrate.ts`: brings the database named by DATABASE_URL up to date. */
import { migrate } from '../server/db/migrate.ts'
import { StartError } from '../server/db/startError.ts'

try {
  const url = process.env.DATABASE_URL
  if (!url) throw new StartError('缺少环境变量 DATABASE_URL。', 'DATABASE_URL is not set.')
  const done = await migrate(url, { say: console.log })
  console.log(done.length > 0 ? '数据库已更新' : '数据库已是最新')
} catch (error) {
  if (!(error instanceof StartError)) throw error
  console.error(error.message)
  process.exitCode = 1
}
