import { Button, Checkbox, Popover } from 'antd'

interface ColumnChoiceProps {
  columns: readonly { key: string; label: string }[]
  hidden: readonly string[]
  change: (hidden: string[]) => void
}

/** 列: which columns are shown; of one service, each question of its form. The first always is. */
export function ColumnChoice({ columns, hidden, change }: ColumnChoiceProps) {
  const shown = columns.filter(({ key }) => !hidden.includes(key)).map(({ key }) => key)
  return (
    <Popover
      trigger="click"
      placement="bottomRight"
      content={
        <Checkbox.Group
          className="column-choice"
          aria-label="显示的列"
          value={shown}
          options={columns.map(({ key, label }) => ({ value: key, label }))}
          onChange={(chosen) => {
            // What this page of rows does not know of (another form's question) stays hidden.
            const others = hidden.filter((key) => !columns.some((column) => column.key === key))
            const off = columns.map(({ key }) => key).filter((key) => !chosen.includes(key))
            change([...others, ...off])
          }}
        />
      }
    >
      <Button>
        {shown.length < columns.length ? `列 ${shown.length}/${columns.length}` : '列'}
      </Button>
    </Popover>
  )
}
