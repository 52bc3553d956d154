/**
 * `node deploy/cluster/write.ts`: prints nginx's configuration for a real machine
 * (docs/how-to/cluster.md). Told by NODES_AT (`127.0.0.1:7081,…`), SERVER_NAME, TLS_CERTIFICATE and
 * TLS_KEY (without them it speaks HTTP on PORT, for a balancer that ends TLS before it).
 */
import { StartError } from '../../server/db/startError.ts'
import { nginxConf } from './conf.ts'

const { NODES_AT, SERVER_NAME, TLS_CERTIFICATE, TLS_KEY, PORT } = process.env
if (NODES_AT) {
  const tls =
    TLS_CERTIFICATE && TLS_KEY ? { certificate: TLS_CERTIFICATE, key: TLS_KEY } : undefined
  const conf = nginxConf({
    nodes: NODES_AT.split(','),
    host: '0.0.0.0',
    port: Number(PORT ?? (tls ? 443 : 80)),
    run: '/run/jiyue-nginx',
    log: '/var/log/nginx/jiyue.log',
    user: 'www-data',
    name: SERVER_NAME,
    tls,
  })
  process.stdout.write(conf)
} else {
  const missing = new StartError('缺少环境变量 NODES_AT。', 'The variable NODES_AT is not set.')
  console.error(missing.message)
  process.exitCode = 1
}
