/** Registration forms of the demo services: within the budgets of R1 (5, 6 and 4 fields). */
import type { FormField } from '@jiyue/contract/fields/kinds'
import { cleaning, lecture, venue } from './world.ts'

const contact = { purpose: '服务联系与到场核对', retentionDays: 180 }

const choicesOf = (...labels: string[]) => labels.map((label) => ({ value: label, label }))

export const forms: {
  service_id: string
  version: number
  steps: string[]
  fields: FormField[]
}[] = [
  {
    service_id: cleaning,
    version: 1,
    steps: ['基础信息', '特殊需求'],
    fields: [
      {
        id: 'name',
        kind: 'text',
        label: '联系人',
        required: true,
        max: 20,
        step: 0,
        hint: '怎么称呼您',
        ...contact,
      },
      {
        id: 'phone',
        kind: 'phone',
        label: '手机号',
        required: true,
        step: 0,
        hint: '用于服务前联系',
        ...contact,
      },
      {
        id: 'address',
        kind: 'address',
        label: '服务地址',
        required: true,
        step: 0,
        purpose: '上门服务',
        retentionDays: 180,
      },
      {
        id: 'size',
        kind: 'choice',
        label: '房屋面积',
        required: true,
        step: 1,
        options: choicesOf('60 ㎡ 以下', '60–120 ㎡', '120 ㎡ 以上'),
        purpose: '安排工具与时间',
        retentionDays: 180,
      },
      {
        id: 'needs',
        kind: 'choices',
        label: '特殊需求',
        required: false,
        step: 1,
        max: 4,
        options: choicesOf('家有宠物', '有婴幼儿', '重点清洁厨房', '重点清洁卫生间'),
        purpose: '安排服务内容',
        retentionDays: 180,
      },
    ],
  },
  {
    service_id: venue,
    version: 1,
    steps: ['企业信息', '活动需求'],
    fields: [
      {
        id: 'company',
        kind: 'company',
        label: '企业',
        required: true,
        step: 0,
        purpose: '签约与开票',
        retentionDays: 1095,
      },
      { id: 'name', kind: 'text', label: '联系人', required: true, max: 20, step: 0, ...contact },
      { id: 'phone', kind: 'phone', label: '手机号', required: true, step: 0, ...contact },
      {
        id: 'email',
        kind: 'email',
        label: '邮箱',
        required: true,
        step: 0,
        hint: '接收活动确认单',
        ...contact,
      },
      {
        id: 'theme',
        kind: 'dropdown',
        label: '活动类型',
        required: true,
        step: 1,
        options: choicesOf('部门团建', '年会', '培训', '客户答谢', '其他'),
        purpose: '布置场地',
        retentionDays: 180,
      },
      {
        id: 'catering',
        kind: 'yesNo',
        label: '需要烧烤区',
        required: false,
        step: 1,
        purpose: '准备设备',
        retentionDays: 180,
      },
    ],
  },
  {
    service_id: lecture,
    version: 1,
    steps: ['报名信息'],
    fields: [
      { id: 'name', kind: 'text', label: '姓名', required: true, max: 20, ...contact },
      { id: 'phone', kind: 'phone', label: '手机号', required: true, ...contact },
      {
        id: 'idCard',
        kind: 'idCard',
        label: '身份证号',
        required: true,
        sensitive: true,
        hint: '仅用于实名入场核对',
        purpose: '实名入场核对',
        retentionDays: 30,
      },
      {
        id: 'age',
        kind: 'choice',
        label: '孩子年龄段',
        required: true,
        options: choicesOf('学龄前', '小学', '初中', '高中'),
        purpose: '准备讲义',
        retentionDays: 180,
      },
    ],
  },
]
