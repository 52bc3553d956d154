import { price } from '@jiyue/contract/money'
import type { ServiceSettings } from '@jiyue/contract/schema/settings'
import type { Reply } from '@jiyue/contract/schema/wire'
import { App, Drawer, Form } from 'antd'
import { useState } from 'react'
import { useNavigate } from 'react-router'
import { useAct } from '../../acting.ts'
import { queries } from '../../asking.ts'
import { BeforeAfter } from '../../parts/BeforeAfter.tsx'
import { Reasoned } from '../../parts/Reasoned.tsx'
import { undone, useUndo } from '../../parts/useUndo.tsx'
import { paths } from '../../paths.ts'
import { photoUrl } from './photoUrl.ts'
import { ServiceFields } from './ServiceFields.tsx'
import {
  blank,
  differencesOf,
  type Names,
  type NewTyped,
  type Offer,
  offerOf,
  typedOf,
} from './serviceChanges.ts'
import { usePutService } from './usePutService.ts'

type Settings = Reply<'listServiceSettings'>

interface ServiceEditorProps {
  /** The id that is edited or added. */
  id: string
  /** Undefined for a new one. */
  service: ServiceSettings | undefined
  settings: Settings
  reason: string | null
  close: () => void
}

/** A service's settings, with the card people will see beside them. */
export function ServiceEditor({ id, service, settings, reason, close }: ServiceEditorProps) {
  const { message, modal } = App.useApp()
  const navigate = useNavigate()
  const undo = useUndo()
  const [form] = Form.useForm<NewTyped>()
  const kept = service ? typedOf(service) : blank
  const typed = { ...kept, ...Form.useWatch([], form) }
  const names = namesOf(settings)
  const [wish, setWish] = useState<Offer | null>(null)
  const publish = usePutService({ form: { form } })
  const add = useAct('putService', {
    form: { form },
    done({ name }) {
      void queries.invalidateQueries()
      close()
      modal.success({
        title: `已新建「${name}」`,
        content: '排班后即可预约；上门服务请在「资源」的「上门范围」里设置。',
        okText: '去排班',
        closable: true,
        onOk: () => void navigate(paths.schedules()),
      })
    },
  })
  function send(next: Offer) {
    const leave = { onError: () => setWish(null) }
    if (!service) {
      const { kind, formFrom } = typed as NewTyped
      const body = { ...next, kind, formFrom: formFrom ?? null }
      return add.mutate({ params: { id }, body }, leave)
    }
    const before = offerOf(kept)
    publish.mutate(
      { params: { id }, body: { ...next, revision: service.revision } },
      {
        ...leave,
        onSuccess: ({ revision }) => {
          close()
          undo('已发布，用户端立即生效', () =>
            publish.mutate({ params: { id }, body: { ...before, revision, note: undone } }),
          )
        },
      },
    )
  }
  return (
    <Drawer
      title={service ? service.name : '新建服务'}
      open
      size={880}
      onClose={close}
      footer={
        <div className="setting-foot">
          <Reasoned type="primary" reason={reason} htmlType="submit" form="service">
            {service ? '预览并发布' : '预览并新建'}
          </Reasoned>
        </div>
      }
    >
      <div className="setting-two">
        <Form
          id="service"
          form={form}
          layout="vertical"
          disabled={reason !== null}
          initialValues={service ? kept : { ...blank, kind: 'personal' }}
          onFinish={(values) => {
            const next = offerOf(values)
            if (service && differencesOf(offerOf(kept), next, names).length === 0)
              message.info('没有修改')
            else setWish(next)
          }}
        >
          <ServiceFields isNew={!service} settings={settings} off={reason !== null} />
        </Form>
        <Preview offer={offerOf(typed)} />
      </div>
      {wish && (
        <BeforeAfter
          {...(!service && { title: '确认新建服务', isNew: true })}
          differences={withThumbs(
            differencesOf(service ? offerOf(kept) : null, wish, names),
            service ? kept : null,
            wish,
          )}
          {...(!service && { note: '新建后出现在用户端首页；有可约时段后即可预约' })}
          busy={publish.isPending || add.isPending}
          close={() => setWish(null)}
          publish={() => send(wish)}
        />
      )}
    </Drawer>
  )
}

export const namesOf = ({ branches, staff, rooms }: Settings): Names => ({
  branchIds: branches,
  staffIds: staff,
  roomIds: rooms,
})

/** Photos are compared by looking at them. */
function withThumbs(
  differences: ReturnType<typeof differencesOf>,
  before: Pick<Offer, 'photos'> | null,
  after: Pick<Offer, 'photos'>,
) {
  return differences.map((one) =>
    one.key === 'photos'
      ? {
          ...one,
          before: <Thumbs names={before?.photos ?? []} />,
          after: <Thumbs names={after.photos} />,
        }
      : one,
  )
}

function Thumbs({ names }: { names: readonly string[] }) {
  return (
    <span className="setting-thumbs">
      {names.map((name, at) => (
        <img key={name} src={photoUrl(name, 'thumb')} alt={`照片 ${at + 1}`} />
      ))}
    </span>
  )
}

/** As it will stand on the phone. */
function Preview({ offer }: { offer: Offer }) {
  const [cover] = offer.photos
  return (
    <aside className="setting-preview" aria-label="用户端预览">
      <small className="quiet">用户端预览{offer.listed ? '' : '（未上架，用户看不到）'}</small>
      {cover ? (
        <img src={photoUrl(cover, 'thumb')} alt="" />
      ) : (
        <div className="setting-no-photo">还没有照片</div>
      )}
      <OnPhone offer={offer} />
    </aside>
  )
}

/** @chinese it is what a phone shows. */
function OnPhone({ offer }: { offer: Offer }) {
  return (
    <div lang="zh-CN">
      <h3>{offer.name || '服务名称'}</h3>
      <p className="quiet">{offer.summary || '一句话简介'}</p>
      <p>
        <strong>{price(offer.priceFen ?? 0)}</strong> / {offer.priceUnit} · {offer.durationMinutes}{' '}
        分钟
      </p>
      <ul>
        {offer.content.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
      {offer.depositFen > 0 && (
        <p className="quiet">
          押金 {price(offer.depositFen)}，{offer.depositCondition}
        </p>
      )}
      {offer.notes.map((line) => (
        <p key={line} className="quiet">
          {line}
        </p>
      ))}
    </div>
  )
}
