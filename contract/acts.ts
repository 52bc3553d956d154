/** The log of the console 操作记录 (M10): what people did, to what, in words. */
import { type Endpoint, type EndpointName, endpoints } from './api.ts'

type Endpoints = typeof endpoints
/** Endpoints by which a person of the merchant may change something. */
export type ActName = {
  [E in EndpointName]: Endpoints[E]['who'] extends 'merchant'
    ? Endpoints[E]['method'] extends 'GET'
      ? never
      : E
    : never
}[EndpointName]

export const actNames = (Object.keys(endpoints) as EndpointName[]).filter(
  (name): name is ActName => {
    const { who, method }: Endpoint = endpoints[name]
    return who === 'merchant' && method !== 'GET'
  },
)

/** What a person did, by the endpoint they did it with. A new one needs its word here. */
export const actWords: Record<ActName, string> = {
  putSlot: '添加时段',
  putCapacity: '调整名额',
  putClosure: '关闭时段',
  deleteClosure: '重新开放时段',
  putRefund: '发起退款',
  retryRefund: '重试退款',
  putOtherwise: '登记另行退还',
  putDecision: '审核付款凭证',
  putBill: '重新获取账单',
  putResolution: '处理账单差异',
  retryDelivery: '重传发货信息',
  putFeedbackHandling: '指派反馈',
  putConsoleFeedbackWords: '回复或备注反馈',
  putFeedbackClosure: '办结反馈',
  putFeedbackReopening: '重新打开反馈',
  putNegotiationAnswer: '回复自定义时段申请',
  previewSchedule: '预览排班',
  putSchedule: '保存排班',
  deleteSchedule: '停用排班',
  putDay: '修改营业日',
  deleteDay: '恢复营业日',
  putStaff: '修改服务人员',
  putRoom: '修改场地',
  putBranch: '修改门店',
  putArea: '修改服务范围',
  putStaffRetirement: '停用服务人员',
  deleteStaffRetirement: '恢复服务人员',
  putRoomRetirement: '停用场地',
  deleteRoomRetirement: '恢复场地',
  putAcknowledgement: '知悉核对异常',
  putRecount: '重算名额',
  deleteStop: '恢复售卖',
  checkIn: '核销',
  putNudge: '请客户补充信息',
  deleteNudge: '撤回补充提醒',
  putFormDraft: '保存报名表草稿',
  deleteFormDraft: '放弃报名表草稿',
  putFormVersion: '发布报名表',
  putServiceSettings: '修改服务设置',
  putRules: '修改规则',
  putPromotion: '修改优惠活动',
  putCancellation: '商家取消订单',
  previewDisruption: '预览紧急通知',
  putDisruption: '发起紧急通知',
  putChase: '改用其他渠道再次通知',
  putPerson: '修改员工账号',
  createInvitation: '生成邀请链接',
  putDeactivation: '停用员工账号',
  deleteDeactivation: '恢复员工账号',
  deletePersonSessions: '退出员工的所有设备',
  putSecondReset: '关闭员工的两步验证',
  putPassword: '修改自己的密码',
  createSecond: '开始设置两步验证',
  putSecond: '开启两步验证',
  createRecoveryCodes: '重新生成恢复码',
  deleteOwnSession: '退出自己的一台设备',
  deleteOtherSessions: '退出自己的其他设备',
  deleteConsoleSession: '退出登录',
}

export const changeKinds = ['insert', 'update', 'delete'] as const
export type ChangeKind = (typeof changeKinds)[number]
export const changeWords: Record<ChangeKind, string> = {
  insert: '新增',
  update: '修改',
  delete: '删除',
}

/** Tables on the log, as people call what stands in them. */
export const objectWords = {
  people: '员工账号',
  branches: '门店',
  staff: '服务人员',
  rooms: '场地',
  services: '服务',
  service_staff: '服务与人员',
  service_rooms: '服务与场地',
  service_branches: '服务与门店',
  promotions: '优惠活动',
  rules: '规则',
  days: '营业日',
  schedules: '排班',
  slots: '时段',
  forms: '报名表',
  invitations: '邀请链接',
  refunds: '退款',
  proofs: '付款凭证',
  bills: '账单',
  differences: '账单差异',
  deliveries: '发货信息',
  findings: '核对异常',
  feedback: '反馈',
  nudges: '补充提醒',
  negotiations: '自定义时段申请',
  disruptions: '紧急通知',
  orders: '订单',
  sessions: '登录',
} as const
export type ObjectName = keyof typeof objectWords

/** Columns by the words people know; one that is not here is shown by its own name. */
const columnWords: Readonly<Record<string, string>> = {
  name: '名称',
  login: '账号',
  role: '角色',
  phone: '电话',
  address: '地址',
  title: '头衔',
  profile: '介绍',
  photo: '照片',
  about: '说明',
  seats: '座位',
  state: '状态',
  reason: '原因',
  note: '备注',
  capacity: '名额',
  closed_reason: '关闭原因',
  removed_at: '移除时间',
  by_hand: '手动调整',
  starts_at: '开始',
  ends_at: '结束',
  open: '营业',
  label: '名称',
  kind: '类型',
  value: '值',
  summary: '简介',
  content: '服务内容',
  notes: '须知',
  price_fen: '价格',
  price_unit: '计价单位',
  charged_per: '计费方式',
  includes: '费用包含',
  duration_minutes: '时长（分钟）',
  cutoff_minutes: '提前截止（分钟）',
  party_min: '最少人数',
  party_max: '最多人数',
  deposit_fen: '押金',
  deposit_condition: '押金退还条件',
  listed: '上架',
  city: '上门城市',
  districts: '上门区域',
  radius_m: '上门半径（米）',
  latitude: '纬度',
  longitude: '经度',
  password_hash: '密码',
  phone_sealed: '手机号',
  mail_sealed: '邮箱',
  second_sealed: '两步验证密钥',
  second_since: '两步验证开启时间',
  second_offer_sealed: '待确认的两步验证密钥',
  second_offered_at: '两步验证设置时间',
  recovery_at: '恢复码生成时间',
  deactivated_at: '停用时间',
  retired_at: '停用时间',
  created_at: '创建时间',
  expires_at: '有效至',
  made_at: '生成时间',
  amount_fen: '金额',
  resolution: '处理说明',
  resolved_at: '处理时间',
  by: '经手人',
}

export const columnWord = (column: string): string => columnWords[column] ?? column
