import type { UseQueryResult } from '@tanstack/react-query'
import { Alert, Button, Result } from 'antd'
import type { ReactNode } from 'react'
import type { Refused } from '../asking.ts'

interface AskedProps<T> {
  query: Pick<UseQueryResult<T, Refused>, 'data' | 'error' | 'refetch' | 'isFetching'>
  /** Shaped like the content. */
  waiting: ReactNode
  children: (data: T) => ReactNode
}

/** The three states of something asked: waiting, refused, there. Old data stays, and says it is old. */
export function Asked<T>({ query, waiting, children }: AskedProps<T>) {
  const { data, error, isFetching } = query
  const again = (
    <Button onClick={() => void query.refetch()} loading={isFetching}>
      重试
    </Button>
  )
  if (data === undefined && !error) return waiting
  if (data === undefined) return <Result status="warning" title={error?.message} extra={again} />
  return (
    <>
      {error && (
        <Alert
          className="stale"
          type="warning"
          showIcon
          title={`以下内容可能不是最新：${error.message}`}
          action={again}
        />
      )}
      {children(data)}
    </>
  )
}
