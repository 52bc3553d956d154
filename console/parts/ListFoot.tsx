import { Button } from 'antd'

interface ListFootProps {
  pages: { hasNextPage: boolean; isFetchingNextPage: boolean; fetchNextPage: () => unknown }
  shown: number
  /** How they are counted, and what they are: 个 订单, 笔 退款. */
  unit: string
  of: string
}

/** Under a list: the next page, or that this is all. Nothing under an empty one. */
export function ListFoot({ pages, shown, unit, of }: ListFootProps) {
  if (shown === 0) return null
  return (
    <footer className="list-foot">
      {pages.hasNextPage ? (
        <Button onClick={() => void pages.fetchNextPage()} loading={pages.isFetchingNextPage}>
          加载更多{of}
        </Button>
      ) : (
        <span className="quiet">
          已显示全部 {shown} {unit}
          {of}
        </span>
      )}
    </footer>
  )
}
