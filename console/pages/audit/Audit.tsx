import { CheckCircleOutlined, ExclamationCircleOutlined } from '@ant-design/icons'
import { auditRounds } from '@jiyue/contract/audit'
import type { Reply } from '@jiyue/contract/schema/wire'
import { durationText, minuteMs } from '@jiyue/contract/time'
import { Skeleton } from 'antd'
import { Outlet } from 'react-router'
import { useAsk } from '../../asking.ts'
import { useNow } from '../../clock.ts'
import { Asked } from '../../parts/Asked.tsx'
import { Page } from '../../parts/Page.tsx'
import { exactText } from '../../stamp.ts'
import { useWhyNoRight } from '../../useWhyNoRight.ts'
import { Findings } from './Findings.tsx'

type Audit = Reply<'getAudit'>

/** 核对: whether the books agree with themselves, when that was last looked at, and what differs. */
export function Component() {
  const query = useAsk('getAudit', {}, { refetchInterval: 10_000 })
  const reason = useWhyNoRight('audit')
  return (
    <Page
      title="核对"
      about={reason ?? '系统不停地重新核算名额、款项与状态，不一致时立即停售并列在这里'}
    >
      <Asked query={query} waiting={<Skeleton active />}>
        {(audit) => (
          <section className="card audit" aria-label="核对情况">
            <Verdict audit={audit} />
            <ul className="audit-rounds">
              {audit.rounds.map((round) => (
                <Round key={round.name} round={round} />
              ))}
            </ul>
          </section>
        )}
      </Asked>
      <Findings />
      <Outlet />
    </Page>
  )
}

function Verdict({ audit }: { audit: Audit }) {
  const { open, stoppedSlots } = audit
  const last = audit.rounds[0]?.finishedAt
  if (open === 0 && stoppedSlots === 0)
    return (
      <p className="audit-verdict audit-good">
        <CheckCircleOutlined />
        <strong>核对无误</strong>
        <span className="quiet">{last ? exactText(last) : '首轮核对进行中'}</span>
      </p>
    )
  return (
    <p className="audit-verdict audit-bad">
      <ExclamationCircleOutlined />
      <strong>{open} 项异常</strong>
      <span>{stoppedSlots} 个时段已停售</span>
    </p>
  )
}

function Round({ round }: { round: Audit['rounds'][number] }) {
  const passed = useNow(1) - Date.parse(round.finishedAt ?? '')
  return (
    <li data-round={round.name}>
      <span className="quiet">{auditRounds[round.name]}</span>
      <strong>{round.finishedAt ? `${round.looked.toLocaleString('zh-CN')} 条` : '—'}</strong>
      <small className="quiet">
        {round.finishedAt ? `${agoText(passed)}核对完` : '首轮核对中'}
        {round.underWay > 0 && `，本轮已核对 ${round.underWay.toLocaleString('zh-CN')} 条`}
      </small>
    </li>
  )
}

/** 「刚刚」 within a minute: rounds come several a minute. */
function agoText(ms: number): string {
  const minutes = Math.floor(ms / minuteMs)
  return minutes < 1 ? '刚刚' : `${durationText(minutes)}前`
}
