import { isOptional, reminderKinds } from '@jiyue/contract/reminder'
import type { Reply } from '@jiyue/contract/schema/wire'
import type { Wording as Kept } from '@jiyue/contract/schema/wording'
import { houseWords, type Values, worded } from '@jiyue/contract/wording'
import { Button, Skeleton, Space, Table, Tag } from 'antd'
import { useState } from 'react'
import { Link } from 'react-router'
import { useAsk } from '../../asking.ts'
import { translated } from '../../english/text.ts'
import { Asked } from '../../parts/Asked.tsx'
import { Two } from '../../parts/Two.tsx'
import { paths } from '../../paths.ts'
import { HostTemplates } from './HostTemplates.tsx'
import { WordingEditor } from './WordingEditor.tsx'

export type WordingReply = Reply<'listWording'>

/** 消息文案: what each kind of message says, and the platforms' templates it travels by. */
export function Wording({ reason }: { reason: string | null }) {
  const query = useAsk('listWording', {})
  const [open, setOpen] = useState<Kept['kind'] | null>(null)
  return (
    <Asked query={query} waiting={<Skeleton className="card" active paragraph={{ rows: 10 }} />}>
      {(data) => {
        const edited = data.kinds.find(({ kind }) => kind === open)
        return (
          <>
            <section className="card card-flush">
              <Table<Kept>
                rowKey="kind"
                dataSource={data.kinds}
                pagination={false}
                scroll={{ x: 'max-content' }}
                title={() => <h2>消息文案</h2>}
                columns={[
                  {
                    title: '消息',
                    render: (_, { kind }) => (
                      <Two
                        first={<strong>{translated(reminderKinds[kind].zh)}</strong>}
                        second={isOptional(kind) ? '可关闭' : '必发'}
                      />
                    ),
                  },
                  {
                    title: '内容（示例）',
                    render: (_, { kind, text }) => (
                      <span className="wording-shown" lang="zh-CN">
                        {worded(text ?? houseWords[kind].text, data.example as Values)}
                      </span>
                    ),
                  },
                  { title: '状态', render: (_, one) => <Mark wording={one} /> },
                  {
                    title: '',
                    align: 'right',
                    fixed: 'right',
                    render: (_, { kind }) => (
                      <Space>
                        <Button
                          aria-label={`编辑 ${translated(reminderKinds[kind].zh)}`}
                          onClick={() => setOpen(kind)}
                        >
                          {reason ? '查看' : '编辑'}
                        </Button>
                        <Link to={paths.log({ object: 'message_words', key: kind })}>修改历史</Link>
                      </Space>
                    ),
                  },
                ]}
              />
              {edited && (
                <WordingEditor
                  key={edited.kind}
                  wording={edited}
                  data={data}
                  reason={reason}
                  close={() => setOpen(null)}
                />
              )}
            </section>
            <HostTemplates data={data} reason={reason} />
          </>
        )
      }}
    </Asked>
  )
}

function Mark({ wording: { text, hint, off } }: { wording: Kept }) {
  if (off) return <Tag>已关闭</Tag>
  return text || hint ? <Tag color="blue">已修改</Tag> : <span className="quiet">默认</span>
}
