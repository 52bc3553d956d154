/** The component of each field kind. The only place of the phone that knows them all. */
import type { FieldKind } from '@jiyue/contract/fields/kinds'
import type { ComponentType } from 'react'
import { AddressField } from './address.tsx'
import { ChoiceField } from './choice.tsx'
import { ChoicesField } from './choices.tsx'
import { CompanyField } from './company.tsx'
import { DateField } from './date.tsx'
import { DropdownField } from './dropdown.tsx'
import { EmailField } from './email.tsx'
import type { FieldProps } from './field.ts'
import { FileField } from './file.tsx'
import { IdCardField } from './idCard.tsx'
import { LongTextField } from './longText.tsx'
import { NumberField } from './number.tsx'
import { PhoneField } from './phone.tsx'
import { TextField } from './text.tsx'
import { YesNoField } from './yesNo.tsx'

export const fieldComponents: Record<FieldKind, ComponentType<FieldProps>> = {
  text: TextField,
  longText: LongTextField,
  phone: PhoneField,
  idCard: IdCardField,
  email: EmailField,
  number: NumberField,
  choice: ChoiceField,
  choices: ChoicesField,
  dropdown: DropdownField,
  date: DateField,
  address: AddressField,
  company: CompanyField,
  yesNo: YesNoField,
  file: FileField,
}
