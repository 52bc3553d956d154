/** What the templates beside this file become for given nodes and folders. */
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { type Endpoint, endpoints } from '../../contract/api.ts'
import { type RefusalCode, refusals } from '../../contract/refusals.ts'
import { ROOT } from '../start/options.ts'

export interface NginxOptions {
  /** `host:port` of every node. */
  nodes: readonly string[]
  host: string
  port: number
  /** Folder of its pid and of bodies on their way. */
  run: string
  /** File of the access log. */
  log: string
  /** Account of its workers, where the master is root's. */
  user?: string | undefined
  /** Domain; any by default. */
  name?: string | undefined
  /** Certificate chain and key as PEM files: then `port` speaks TLS, and port 80 leads there. */
  tls?: { certificate: string; key: string } | undefined
  mime?: string
}

/** As in server/app.ts. */
const GENERAL_BODY_BYTES = 128 * 1024

export function nginxConf(of: NginxOptions): string {
  return fill('nginx.conf', {
    user: of.user ? `user ${of.user};` : '',
    run: of.run,
    log: of.log,
    mime: of.mime ?? '/etc/nginx/mime.types',
    nodes: of.nodes.map((node) => `    server ${node} max_fails=1 fail_timeout=1s;`).join('\n'),
    redirect: of.tls ? toTls(of.name) : '',
    listen: listen(of),
    name: of.name ?? '_',
    bodyBytes: String(GENERAL_BODY_BYTES),
    large: Object.values(endpoints).map(largeBody).join(''),
    too_large: envelope('too_large'),
    unavailable: envelope('unavailable'),
    not_found: envelope('not_found'),
    h5: path.join(ROOT, 'dist', 'h5'),
    console: path.join(ROOT, 'console', 'dist'),
    photos: path.join(ROOT, 'server', 'demo', 'photos'),
  })
}

export interface RedisOptions {
  port: number
  password: string
  dir: string
}

export function redisConf({ port, password, dir }: RedisOptions): string {
  return fill('redis.conf', { port: String(port), password, dir })
}

function listen({ host, port, tls }: NginxOptions): string {
  if (!tls) return `    listen ${host}:${port};`
  return `    listen ${host}:${port} ssl http2;
    ssl_certificate ${tls.certificate};
    ssl_certificate_key ${tls.key};
    ssl_protocols TLSv1.2 TLSv1.3;
    ssl_session_cache shared:tls:10m;`
}

function toTls(name = '_'): string {
  return `  server {
    listen 80;
    server_name ${name};
    return 301 https://$host$request_uri;
  }`
}

/** An endpoint whose bodies are larger than usual (pictures) gets a place of its own. */
function largeBody({ path: of, bodyBytes }: Endpoint): string {
  if (!bodyBytes) return ''
  const pattern = of.replaceAll(/:\w+/g, '[^/]+')
  return `    location ~ ^${pattern}$ { client_max_body_size ${bodyBytes}; proxy_pass http://nodes; }\n`
}

/** The contract's refusal as nginx sends it; `$request_id` is nginx's own. */
function envelope(code: RefusalCode): string {
  const error = { code, message: refusals[code].zh, requestId: '$request_id' }
  return JSON.stringify({ error })
}

function fill(file: string, values: Record<string, string>): string {
  const template = readFileSync(path.join(import.meta.dirname, file), 'utf8')
  return template.replaceAll(/\{\{(\w+)\}\}/g, (_, name: string) => {
    const value = values[name]
    if (value === undefined) throw new Error(`${file} asks for ${name}`)
    return value
  })
}
