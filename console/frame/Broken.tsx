import { Button, Result } from 'antd'
import { useRouteError } from 'react-router'

/** A fault of ours while drawing: says so and offers the way out; the console has the details. */
export function Broken() {
  console.error(useRouteError())
  return (
    <Result
      status="error"
      title="页面出错了"
      subTitle="数据没有丢失，重新加载即可继续"
      extra={
        <Button type="primary" onClick={() => location.reload()}>
          重新加载
        </Button>
      }
    />
  )
}
