import type { Reply } from '@jiyue/contract/schema/wire'
import { addDays, type Day, dayOf } from '@jiyue/contract/time'
import { Empty, Select, Skeleton } from 'antd'
import { useNavigate, useSearchParams } from 'react-router'
import { useAsk } from '../../asking.ts'
import { serverNow } from '../../clock.ts'
import { readSpan } from '../../month.ts'
import { Asked } from '../../parts/Asked.tsx'
import { DayRange } from '../../parts/DayRange.tsx'
import { Page } from '../../parts/Page.tsx'
import { paths } from '../../paths.ts'
import { Definitions } from './Definitions.tsx'
import { Fields } from './Fields.tsx'
import './funnel.scss'
import { Services } from './Services.tsx'
import { Stages } from './Stages.tsx'
import { stagesOf } from './stages.ts'

/** Days before today that are shown first. */
const usual = 29

/** 漏斗: how many visits became holds, registrations and payments, and where they ended (M4 X6). */
export function Component() {
  const [asked] = useSearchParams()
  const navigate = useNavigate()
  const today = dayOf(serverNow())
  const [from, to] = readSpan(asked, [addDays(today, -usual), today])
  const service = asked.get('service') ?? undefined
  const query = useAsk('getFunnel', { query: { from, to } })
  const show = (at: { from?: Day; to?: Day; service?: string | undefined }) =>
    navigate(paths.funnel({ from, to, service, ...at }), { replace: true })
  return (
    <Page title="漏斗" about="同一批访问从打开服务页到缴费成功，各走到了哪一步">
      <search className="filters">
        <DayRange from={from} to={to} onChange={(from, to) => show({ from, to })} />
        <Select
          className="filters-service"
          aria-label="服务"
          allowClear
          placeholder="全部服务"
          value={service ?? null}
          onChange={(service) => show({ service: service ?? undefined })}
          options={(query.data?.services ?? []).map(({ serviceId, name }) => ({
            value: serviceId,
            label: name,
          }))}
        />
      </search>
      <Asked query={query} waiting={<Skeleton className="card" active paragraph={{ rows: 10 }} />}>
        {(data) => (
          <Answer data={data} service={service} onService={(service) => show({ service })} />
        )}
      </Asked>
    </Page>
  )
}

interface AnswerProps {
  data: Reply<'getFunnel'>
  service: string | undefined
  onService: (id: string) => void
}

function Answer({ data, service, onService }: AnswerProps) {
  const one = data.services.find(({ serviceId }) => serviceId === service)
  if (data.all.visits === 0 || (service && !one)) {
    return (
      <>
        <section className="card">
          <Empty
            description={
              data.all.visits === 0
                ? '这段时间还没有访问，换一个时间范围看看'
                : '这段时间没有人看过这项服务，换一个时间范围看看'
            }
          />
        </section>
        <Definitions keptDays={data.keptDays} />
      </>
    )
  }
  const steps = one ?? data.all
  return (
    <>
      <Stages title={one ? one.name : '全部服务'} stages={stagesOf(steps, one?.form)} of={steps} />
      {one ? (
        <Fields form={one.form} held={one.held} />
      ) : (
        <Services services={data.services} onService={onService} />
      )}
      <Definitions keptDays={data.keptDays} />
    </>
  )
}
