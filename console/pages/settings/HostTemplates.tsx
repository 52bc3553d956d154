import { reminderKindNames, reminderKinds } from '@jiyue/contract/reminder'
import type { KeptTemplate } from '@jiyue/contract/schema/wording'
import { messageHostWords, templateFactWords } from '@jiyue/contract/wording'
import { Button, Space, Table, Tag } from 'antd'
import { useState } from 'react'
import { Link } from 'react-router'
import { translated } from '../../english/text.ts'
import { Two } from '../../parts/Two.tsx'
import { paths } from '../../paths.ts'
import { templateWords } from '../messages/templateWords.ts'
import { HostTemplateEditor } from './HostTemplateEditor.tsx'
import type { WordingReply } from './Wording.tsx'

const keyOf = ({ host, template }: KeptTemplate) => `${host},${template}`
const kindsOf = (template: KeptTemplate['template']) =>
  reminderKindNames
    .filter((kind) => reminderKinds[kind].template === template)
    .map((kind) => translated(reminderKinds[kind].zh))
    .join('、')

/** Templates registered with WeChat and Alipay: which one, and what its fields show. */
export function HostTemplates({ data, reason }: { data: WordingReply; reason: string | null }) {
  const [open, setOpen] = useState<string | null>(null)
  const edited = data.templates.find((one) => keyOf(one) === open)
  return (
    <section className="card card-flush">
      <Table<KeptTemplate>
        rowKey={keyOf}
        dataSource={data.templates}
        pagination={false}
        scroll={{ x: 'max-content' }}
        title={() => <h2>微信、支付宝模板</h2>}
        columns={[
          {
            title: '模板',
            render: (_, { host, template }) => (
              <Two
                first={
                  <strong>
                    {messageHostWords[host]} · {templateWords[template]}
                  </strong>
                }
                second={<span className="wording-kinds">{kindsOf(template)}</span>}
              />
            ),
          },
          {
            title: '模板编号与字段',
            render: (_, { set, shipped }) => {
              const used = set ?? shipped
              if (!used) return <span className="quiet">未设置，不从这个渠道发送</span>
              return (
                <Two
                  first={<code className="wording-id">{used.id}</code>}
                  second={Object.entries(used.keys)
                    .map(([key, fact]) => `${key} ${templateFactWords[fact]}`)
                    .join('，')}
                />
              )
            },
          },
          { title: '可用授权', align: 'right', render: (_, { left }) => `${left} 份` },
          {
            title: '状态',
            render: (_, { set }) =>
              set ? <Tag color="blue">已修改</Tag> : <span className="quiet">部署配置</span>,
          },
          {
            title: '',
            align: 'right',
            fixed: 'right',
            render: (_, one) => (
              <Space>
                <Button
                  aria-label={`编辑 ${messageHostWords[one.host]} ${templateWords[one.template]}`}
                  onClick={() => setOpen(keyOf(one))}
                >
                  {reason ? '查看' : '编辑'}
                </Button>
                <Link to={paths.log({ object: 'host_templates', key: keyOf(one) })}>修改历史</Link>
              </Space>
            ),
          },
        ]}
      />
      {edited && (
        <HostTemplateEditor
          key={keyOf(edited)}
          kept={edited}
          data={data}
          reason={reason}
          close={() => setOpen(null)}
        />
      )}
    </section>
  )
}
