import { Typography } from 'antd'

/** A number that people carry elsewhere, with the button that copies it. */
export function Copied({ text, label }: { text: string; label?: string }) {
  return (
    <Typography.Text
      className="copied"
      copyable={{ text, tooltips: [`复制${label ?? ''}`, '已复制'] }}
    >
      {text}
    </Typography.Text>
  )
}
