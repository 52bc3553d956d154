import path from 'node:path'
import { ROOT } from './options.ts'

/** What the person sees when everything runs. `accounts` are the seed's own lines. */
export type Welcome = {
  api: string
  sandbox: string | undefined
  dataDir: string
  accounts: string[]
}

/** The addresses and demo accounts as a Chinese table for the terminal. */
export function welcome({ api, sandbox, dataDir, accounts }: Welcome): string {
  const rows: [string, string, string][] = [
    ['用户端 H5', `${api}/`, ''],
    ['商家后台', `${api}/console/`, ''],
    ['接口文档', `${api}/docs`, 'OpenAPI'],
  ]
  if (sandbox) {
    rows.push(
      ['平台沙箱', `${sandbox}/`, '故障开关、交易与通知'],
      ['沙箱收银台', `${sandbox}/cashier/wechat/native`, '扫码支付在这里完成'],
      ['沙箱发件箱', `${sandbox}/outbox`, '短信验证码与各平台消息'],
    )
  }
  const folder = dataDir.startsWith(ROOT) ? path.relative(ROOT, dataDir) : dataDir
  return [
    '',
    '即约已启动，按 Ctrl-C 停止。',
    '',
    ...rows.map(([name, url, note]) => `  ${pad(name, 12)}${pad(url, 48)}${note}`.trimEnd()),
    `  ${pad('数据与日志', 12)}${folder}/（日志在 ${folder}/logs/）`,
    ...(accounts.length ? ['', '演示账号', ...accounts.map((line) => `  ${line}`)] : []),
    '',
  ].join('\n')
}

/** Pads to a width in terminal cells: a Chinese character takes two. */
function pad(text: string, width: number): string {
  const cells = [...text].reduce((sum, char) => sum + (/[⺀-鿿＀-｠]/.test(char) ? 2 : 1), 0)
  return text + ' '.repeat(Math.max(1, width - cells))
}
