import { paramError } from './refusal.ts'

/**
 * Field rules of request bodies. A shape names each field's rule; `read` walks it and refuses the
 * first wrong field with the platform's PARAM_ERROR. Unknown fields are ignored, as the platform
 * ignores them; `null` is refused everywhere (facts 1.1).
 */
export type Rule = (value: unknown, path: string) => void
export type Shape = Record<string, Rule>

export function read(body: unknown, shape: Shape, path = '/body'): void {
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw paramError(path, body, '格式错误，应为对象')
  const values = body as Record<string, unknown>
  for (const [name, value] of Object.entries(values))
    if (value === null) throw paramError(`${path}/${name}`, '', '不允许为 null')
  for (const [name, rule] of Object.entries(shape)) rule(values[name], `${path}/${name}`)
}

/** Leaves a missing field alone; without it every rule asks for its field. */
export function optional(rule: Rule): Rule {
  return (value, path) => {
    if (value !== undefined) rule(value, path)
  }
}

/** Text of 1 to `max` characters, of characters up to three UTF-8 bytes each. */
export function text(max: number, pattern?: RegExp, min = 1): Rule {
  return (value, path) => {
    if (value === undefined || value === '') throw paramError(path, value, '必填项缺失')
    if (typeof value !== 'string') throw paramError(path, value, '类型错误，应为字符串')
    if (value.length < min) throw paramError(path, value, `长度低于最小值 ${min}`)
    if (value.length > max) throw paramError(path, value, `长度超过最大值 ${max}`)
    if (/[\u{10000}-\u{10ffff}]/u.test(value)) throw paramError(path, value, '含有不支持的字符')
    if (pattern && !pattern.test(value)) throw paramError(path, value, '格式错误')
  }
}

export function integer(min: number): Rule {
  return (value, path) => {
    if (value === undefined) throw paramError(path, value, '必填项缺失')
    if (!Number.isSafeInteger(value)) throw paramError(path, value, '类型错误，应为整数')
    if ((value as number) < min) throw paramError(path, value, `值低于最小值 ${min}`)
  }
}

export function flag(): Rule {
  return (value, path) => {
    if (typeof value !== 'boolean') throw paramError(path, value, '类型错误，应为布尔值')
  }
}

export function oneOf(...choices: string[]): Rule {
  return (value, path) => {
    if (!choices.includes(value as string)) throw paramError(path, value, '枚举值错误')
  }
}

export function object(shape: Shape): Rule {
  return (value, path) => {
    if (value === undefined) throw paramError(path, value, '必填项缺失')
    read(value, shape, path)
  }
}

export function list(item: Rule, max: number): Rule {
  return (value, path) => {
    if (!Array.isArray(value)) throw paramError(path, value, '类型错误，应为数组')
    if (value.length > max) throw paramError(path, value, `数量超过最大值 ${max}`)
    value.forEach((one, at) => {
      item(one, `${path}/${at}`)
    })
  }
}

/** At most `max` bytes of JSON, whatever is inside. */
export function json(max: number): Rule {
  return (value, path) => {
    if (Buffer.byteLength(JSON.stringify(value)) > max)
      throw paramError(path, '', `长度超过最大值 ${max}`)
  }
}

/** An RFC 3339 time with its zone. */
export function time(): Rule {
  return (value, path) => {
    const right = typeof value === 'string' && RFC3339.test(value)
    if (!right || Number.isNaN(Date.parse(value))) throw paramError(path, value, '时间格式错误')
  }
}

/**
 * Where notices go: https without a query string. The real platform calls only public addresses;
 * this sandbox is local, so plain http to the own machine is allowed as well.
 */
export function notifyUrl(max: number): Rule {
  return (value, path) => {
    text(max)(value, path)
    const url = URL.parse(value as string)
    const local = url?.protocol === 'http:' && LOCAL.includes(url.hostname)
    if (!url || (url.protocol !== 'https:' && !local)) throw paramError(path, value, '必须为 https')
    if (url.search || (value as string).includes('?'))
      throw paramError(path, value, '不允许携带参数')
  }
}

const RFC3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/
const LOCAL = ['127.0.0.1', 'localhost', '[::1]']
