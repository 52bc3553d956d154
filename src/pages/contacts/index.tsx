import { type Contact, type ContactKind, contactKinds, contactWords } from '@jiyue/contract/contact'
import { Text, View } from '@tarojs/components'
import { useState } from 'react'
import { contactDetail, contactTitle } from '../../lib/contacts.ts'
import { Empty } from '../../parts/Empty.tsx'
import { Failed } from '../../parts/Failed.tsx'
import { Icon } from '../../parts/Icon.tsx'
import { MainButton } from '../../parts/MainButton.tsx'
import { Card, Page } from '../../parts/Page.tsx'
import { BoneLines } from '../../parts/Skeleton.tsx'
import { Tag } from '../../parts/Tag.tsx'
import { Tap } from '../../parts/Tap.tsx'
import { useAll, useWhileShown } from '../../parts/useApp.ts'
import { app } from '../../phone.ts'
import './contacts.scss'
import { EditSheet } from './EditSheet.tsx'

/** 常用信息 (G5): what forms can be filled with in one tap; added, changed, deleted here. */
export default function ContactsPage() {
  const { contacts, problem } = useAll(app.contacts.store)
  const [editing, setEditing] = useState<Contact | null>(null)
  const load = () => void app.contacts.open()
  useWhileShown(load)
  const add = (kind: ContactKind) =>
    setEditing({
      id: app.phone.newId(),
      kind,
      values: {},
      isDefault: !contacts?.some((one) => one.kind === kind),
    })
  return (
    <Page onRetry={load}>
      <View className="contacts">
        {contacts ? (
          <>
            {contacts.length === 0 ? (
              <Empty
                icon="person"
                title="还没有常用信息"
                hint="添加后，报名时点一下就能填好；号码加密保存，只有您能看到"
              />
            ) : null}
            {contactKinds.map((kind) => (
              <Card key={kind} title={contactWords[kind]}>
                {contacts
                  .filter((one) => one.kind === kind)
                  .map((one) => (
                    <Row key={one.id} contact={one} onTap={() => setEditing(one)} />
                  ))}
                <Tap className="contacts__add" onTap={() => add(kind)}>
                  <Icon name="plus" />
                  <Text>{`添加${contactWords[kind]}`}</Text>
                </Tap>
              </Card>
            ))}
          </>
        ) : problem?.code === 'unauthenticated' ? (
          <Empty
            icon="person"
            title="登录后管理常用信息"
            hint="常用信息保存在您的账号里，换设备也能用"
          />
        ) : problem ? (
          <Failed problem={problem} onRetry={load} />
        ) : (
          <Card>
            <BoneLines widths={['40%', '80%', '40%', '80%']} />
          </Card>
        )}
        {!contacts && problem?.code === 'unauthenticated' ? (
          <MainButton text="登录" onTap={load} />
        ) : null}
      </View>
      {editing ? <EditSheet contact={editing} onClose={() => setEditing(null)} /> : null}
    </Page>
  )
}

function Row({ contact, onTap }: { contact: Contact; onTap: () => void }) {
  const title = contactTitle(contact)
  return (
    <Tap className="contacts__one" label={`修改${title}`} onTap={onTap}>
      <View className="contacts__text">
        <View className="contacts__line">
          <Text className="contacts__title">{title}</Text>
          {contact.isDefault ? <Tag word="默认" tone="good" /> : null}
        </View>
        <Text className="contacts__detail">{contactDetail(contact)}</Text>
      </View>
      <Icon name="right" />
    </Tap>
  )
}
