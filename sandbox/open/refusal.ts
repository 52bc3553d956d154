/** A "no" of WeChat's open platform: `{errcode, errmsg}` with HTTP 200. */
export class OpenRefusal extends Error {
  readonly errcode: number

  constructor(errcode: number, errmsg: string) {
    super(errmsg)
    this.errcode = errcode
  }
}
