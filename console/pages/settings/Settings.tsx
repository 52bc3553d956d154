import { Tabs } from 'antd'
import { useNavigate, useSearchParams } from 'react-router'
import { Page } from '../../parts/Page.tsx'
import { paths, type SettingsTab, settingsTabs } from '../../paths.ts'
import { useWhyNoRight } from '../../useWhyNoRight.ts'
import { Coupons } from './Coupons.tsx'
import { Promotions } from './Promotions.tsx'
import { RulesForm } from './RulesForm.tsx'
import { Services } from './Services.tsx'
import './settings.scss'
import { Wording } from './Wording.tsx'

/** 设置 (M11): services, rules, promotions, coupons, messages. Each change is shown before it is published. */
export function Component() {
  const reason = useWhyNoRight('settings')
  const [search] = useSearchParams()
  const navigate = useNavigate()
  const tab = settingsTabs.find((one) => one === search.get('tab')) ?? 'services'
  return (
    <Page title="设置" about={reason ?? '发布前可预览；发布后用户端立即生效，已报名的订单价格不变'}>
      <Tabs
        activeKey={tab}
        onChange={(to) => navigate(paths.settings(to as SettingsTab), { replace: true })}
        items={[
          { key: 'services', label: '服务', children: <Services reason={reason} /> },
          { key: 'rules', label: '规则', children: <RulesForm reason={reason} /> },
          { key: 'promotions', label: '优惠活动', children: <Promotions reason={reason} /> },
          { key: 'coupons', label: '优惠券', children: <Coupons reason={reason} /> },
          { key: 'wording', label: '消息文案', children: <Wording reason={reason} /> },
        ]}
      />
    </Page>
  )
}
