import { Button, Result } from 'antd'
import { Link } from 'react-router'
import { paths } from '../paths.ts'

/** A URL that is no page. */
export function Component() {
  return (
    <Result
      status="404"
      title="没有这个页面"
      extra={
        <Link to={paths.today()}>
          <Button type="primary">回到今日</Button>
        </Link>
      }
    />
  )
}
