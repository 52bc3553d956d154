import { Spin } from 'antd'

/** Shown while the first page's code loads. */
export function Starting() {
  return (
    <div className="starting">
      <Spin size="large" aria-label="正在打开" />
    </div>
  )
}
