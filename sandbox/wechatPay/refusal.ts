/** A "no" of WeChat Pay: HTTP status, code, Chinese message and where it lies (1.8). */
export type Detail = { field?: string; value?: unknown; issue?: string; location?: string }

export class Refusal extends Error {
  readonly status: number
  readonly code: string
  readonly detail: object | undefined

  constructor(status: number, code: string, message: string, detail?: object) {
    super(message)
    this.status = status
    this.code = code
    this.detail = detail
  }

  /** The body as it goes over the wire. */
  body(): string {
    const { code, message, detail } = this
    return JSON.stringify(detail ? { code, message, detail } : { code, message })
  }
}

/** 400 PARAM_ERROR naming the field, as the platform does: `/body/amount/total`. */
export function paramError(field: string, value: unknown, issue: string): Refusal {
  const location = field.startsWith('/query') ? 'url' : 'body'
  return new Refusal(400, 'PARAM_ERROR', `参数错误：${issue}`, {
    field,
    value: value ?? '',
    issue,
    location,
  } satisfies Detail)
}
