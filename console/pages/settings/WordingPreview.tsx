import { reminderKinds, type TemplateFact } from '@jiyue/contract/reminder'
import type { Wording } from '@jiyue/contract/schema/wording'
import { smsShown, smsTextOf } from '@jiyue/contract/sms'
import {
  fitting,
  hinted,
  messageHosts,
  messageHostWords,
  textsOf,
  type Values,
  type Words,
  worded,
} from '@jiyue/contract/wording'
import type { WordingReply } from './Wording.tsx'

interface WordingPreviewProps {
  kind: Wording['kind']
  words: Words
  off: boolean
  data: WordingReply
}

/** The words on an order of the merchant's own, way by way. */
export function WordingPreview({ kind, words, off, data }: WordingPreviewProps) {
  const values = data.example as Values
  const text = worded(words.text, values)
  // Where there is no button the message carries its link (server/reminder/links.ts).
  // @chinese it is sent
  const linked = kind === 'day_before' ? `${text} 确认或取消：（链接）` : text
  const hint = hinted(kind, words.hint, values)
  const { zh, template } = reminderKinds[kind]
  const facts = data.facts as Record<TemplateFact, string>
  const sms = smsShown(smsTextOf(kind), {
    ...facts,
    hint,
    title: zh,
    site: window.location.origin,
    key: '…',
  })
  return (
    <aside className="setting-preview wording-preview" aria-label="消息预览">
      <small className="quiet">{off ? '已关闭，不会发送' : '预览（示例订单）'}</small>
      <h3>站内消息</h3>
      <p lang="zh-CN">
        <b>{zh}</b>
        <br />
        {text}
      </p>
      <h3>短信</h3>
      <p>
        <span lang="zh-CN">{sms}</span>
        <br />
        <small className="quiet">
          {`${[...sms].length} 字，计 ${textsOf(sms)} 条；短信按登记的模板发送，提示语在其中`}
        </small>
      </p>
      <h3>邮件</h3>
      {/* @chinese it is sent */}
      <p lang="zh-CN">
        <b>【即约】{zh}</b>
        <br />
        {linked}
      </p>
      {messageHosts.map((host) => {
        const used = data.templates.find((one) => one.host === host && one.template === template)
        const kept = used?.set ?? used?.shipped
        return (
          <div key={host}>
            <h3>{messageHostWords[host]}</h3>
            {kept ? (
              <TemplateShown
                keys={kept.keys}
                facts={{ ...(data.facts as Record<TemplateFact, string>), hint }}
              />
            ) : (
              <p className="quiet">还没有模板，不会从{messageHostWords[host]}发送</p>
            )}
          </div>
        )
      })}
    </aside>
  )
}

/** A template's fields as they arrive, shortened where the platform's key holds no more. */
export function TemplateShown({
  keys,
  facts,
}: {
  keys: Readonly<Record<string, TemplateFact>>
  facts: Record<TemplateFact, string>
}) {
  return (
    <dl className="wording-template" lang="zh-CN">
      {Object.entries(keys).map(([key, fact]) => (
        <div key={key}>
          <dt>{key}</dt>
          <dd>{fitting(key, facts[fact])}</dd>
        </div>
      ))}
    </dl>
  )
}
