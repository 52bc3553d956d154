import { Skeleton, Tabs } from 'antd'
import { useAsk } from '../../asking.ts'
import { Asked } from '../../parts/Asked.tsx'
import { Page } from '../../parts/Page.tsx'
import { useWhyNoRight } from '../../useWhyNoRight.ts'
import { Areas } from './Areas.tsx'
import { Branches } from './Branches.tsx'
import { Rooms } from './Rooms.tsx'
import { StaffTable } from './StaffTable.tsx'

/** 资源: who and what slots take. One person or room is never booked twice at one time. */
export function Component() {
  const reason = useWhyNoRight('settings')
  const resources = useAsk('listResources', {})
  return (
    <Page title="资源" about="同一服务人员或场地，同一时间只会被预约一次，跨服务也一样">
      <Asked
        query={resources}
        waiting={<Skeleton className="card" active paragraph={{ rows: 8 }} />}
      >
        {(data) => (
          <Tabs
            items={[
              {
                key: 'staff',
                label: '服务人员',
                children: <StaffTable data={data} reason={reason} />,
              },
              { key: 'rooms', label: '场地', children: <Rooms data={data} reason={reason} /> },
              {
                key: 'branches',
                label: '门店',
                children: <Branches data={data} reason={reason} />,
              },
              { key: 'areas', label: '上门范围', children: <Areas data={data} reason={reason} /> },
            ]}
          />
        )}
      </Asked>
    </Page>
  )
}
