import { type Contact, checkContact, contactFields, contactWords } from '@jiyue/contract/contact'
import type { FormField } from '@jiyue/contract/fields/kinds'
import { checkField, fieldKinds } from '@jiyue/contract/fields/registry'
import { Text, View } from '@tarojs/components'
import { useState } from 'react'
import { fieldComponents } from '../../fields/registry.ts'
import { partOfError } from '../../lib/errors.ts'
import { withoutField } from '../../lib/formSteps.ts'
import { Icon } from '../../parts/Icon.tsx'
import { MainButton } from '../../parts/MainButton.tsx'
import { Problem } from '../../parts/Problem.tsx'
import { Sheet } from '../../parts/Sheet.tsx'
import { Tap } from '../../parts/Tap.tsx'
import { say, useAll } from '../../parts/useApp.ts'
import { app } from '../../phone.ts'

/** No pictures here. */
const noFiles = { sending: false, previews: {}, onAdd: () => {} }

/** One of 常用信息, new or known: the fields of its kind, checked as in any form. */
export function EditSheet({ contact, onClose }: { contact: Contact; onClose: () => void }) {
  const { busy, contacts } = useAll(app.contacts.store)
  const [values, setValues] = useState<Record<string, unknown>>({ ...contact.values })
  const [isDefault, setDefault] = useState(contact.isDefault)
  const [errors, setErrors] = useState<Record<string, string>>({})
  const [problem, setProblem] = useState<string>()
  const [deleting, setDeleting] = useState(false)
  const isKnown = contacts?.some(({ id }) => id === contact.id) ?? false
  const word = contactWords[contact.kind]

  const recheck = (field: FormField, value: unknown) => {
    const wrong = checkField(field, value, app.clock.now())
    const rest = withoutField(errors, field.id)
    if (wrong) rest[wrong.part ? `${field.id}.${wrong.part}` : field.id] = wrong.message
    setErrors(rest)
  }
  const type = (field: FormField, value: unknown) => {
    setValues({ ...values, [field.id]: value })
    if (Object.keys(errors).some((path) => path.split('.')[0] === field.id)) recheck(field, value)
  }
  const finish = (field: FormField) => {
    if (values[field.id] === undefined) return
    const value = fieldKinds[field.kind].normalise(values[field.id])
    setValues({ ...values, [field.id]: value })
    recheck(field, value)
  }
  const showAll = (problems: readonly { path: string; message: string }[]) => {
    const all: Record<string, string> = {}
    for (const { path, message } of problems) all[path] = message
    setErrors(all)
  }
  const save = async () => {
    const problems = checkContact(contact.kind, values, app.clock.now())
    showAll(problems)
    if (problems.length > 0) return
    const no = await app.contacts.save({ ...contact, values, isDefault })
    if (no === null) {
      say('已保存')
      return onClose()
    }
    if (no.fields) showAll(no.fields)
    else setProblem(no.message)
  }
  const remove = async () => {
    if (!deleting) return setDeleting(true)
    if (!(await app.contacts.remove(contact.id))) return setProblem('未能删除，请稍后再试')
    say('已删除')
    onClose()
  }

  return (
    <Sheet
      open
      title={isKnown ? `修改${word}` : `添加${word}`}
      onClose={onClose}
      foot={
        <View className="contacts__foot">
          {isKnown ? (
            <MainButton
              look={deleting ? 'danger' : 'plain'}
              text={deleting ? '确认删除' : '删除'}
              busy={busy}
              onTap={remove}
            />
          ) : null}
          <View className="contacts__save">
            <MainButton text="保存" busy={busy} onTap={save} />
          </View>
        </View>
      }
    >
      {contactFields[contact.kind].map((field) => {
        const Component = fieldComponents[field.kind]
        return (
          <View key={field.id} className="contacts__field">
            <Text className="contacts__label">
              {field.required ? field.label : `${field.label}（选填）`}
            </Text>
            <Component
              field={field}
              value={values[field.id]}
              coverage={null}
              error={(part) => partOfError(errors, field.id, part)}
              onType={(raw) => type(field, raw)}
              onFinish={() => finish(field)}
              onPick={(raw) => {
                setValues({ ...values, [field.id]: raw })
                recheck(field, raw)
              }}
              files={noFiles}
            />
          </View>
        )
      })}
      <Tap
        className={`contacts__default ${isDefault ? 'contacts__default--on' : ''}`}
        role="checkbox"
        chosen={isDefault}
        onTap={() => setDefault(!isDefault)}
      >
        <View className="contacts__box">{isDefault ? <Icon name="check" size={14} /> : null}</View>
        <Text>{`设为默认${word}，新报名自动填好`}</Text>
      </Tap>
      <Problem text={problem} />
    </Sheet>
  )
}
