import type { SavedView } from '@jiyue/contract/schema/registrations'
import { App, Button, Empty, Form, Input, Popover, Skeleton } from 'antd'
import { useState } from 'react'
import { useAct } from '../../acting.ts'
import { queries, useAsk } from '../../asking.ts'
import { newId } from '../../newId.ts'
import { Asked } from '../../parts/Asked.tsx'

interface SavedViewsProps {
  /** What is shown now, as it would be saved. */
  shown: Pick<SavedView, 'filter' | 'hidden'>
  open: (view: SavedView) => void
}

/** 视图: filters and columns under a name, kept for oneself on every device. */
export function SavedViews({ shown, open }: SavedViewsProps) {
  const [isOpen, setOpen] = useState(false)
  const content = (
    <Views
      shown={shown}
      open={(view) => {
        open(view)
        setOpen(false)
      }}
    />
  )
  return (
    <Popover
      trigger="click"
      placement="bottomRight"
      open={isOpen}
      onOpenChange={setOpen}
      content={content}
    >
      <Button>视图</Button>
    </Popover>
  )
}

function Views({ shown, open }: SavedViewsProps) {
  const { message } = App.useApp()
  const query = useAsk('listViews', {})
  const [form] = Form.useForm<{ name: string }>()
  const put = useAct('putView', {
    form: { form, about: { view_limit: 'name' } },
    done(_, { body }) {
      message.success(`已保存视图「${body.name}」`)
      form.resetFields()
      void queries.invalidateQueries()
    },
  })
  const remove = useAct('deleteView', { done: () => void queries.invalidateQueries() })
  return (
    <div className="saved-views">
      <Asked query={query} waiting={<Skeleton active paragraph={{ rows: 2 }} />}>
        {({ views }) =>
          views.length === 0 ? (
            <Empty
              image={Empty.PRESENTED_IMAGE_SIMPLE}
              description="还没有保存的视图。设好筛选与列，起个名字保存"
            />
          ) : (
            <ul className="saved-view-list">
              {views.map((view) => (
                <li key={view.id}>
                  <Button type="text" className="saved-view-name" onClick={() => open(view)}>
                    {view.name}
                  </Button>
                  <Button
                    type="text"
                    size="small"
                    aria-label={`删除视图 ${view.name}`}
                    loading={remove.isPending && remove.variables.params.id === view.id}
                    onClick={() => remove.mutate({ params: { id: view.id } })}
                  >
                    删除
                  </Button>
                </li>
              ))}
            </ul>
          )
        }
      </Asked>
      <Form
        form={form}
        className="saved-view-form"
        onFinish={({ name }) =>
          put.mutate({ params: { id: newId() }, body: { ...shown, name: name.trim() } })
        }
      >
        <Form.Item
          name="name"
          rules={[{ required: true, whitespace: true, message: '请给视图起个名字' }]}
        >
          <Input maxLength={20} aria-label="视图名称" placeholder="如：本周待缴费" />
        </Form.Item>
        <Button type="primary" htmlType="submit" loading={put.isPending}>
          保存当前视图
        </Button>
      </Form>
    </div>
  )
}
