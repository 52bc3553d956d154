/**
 * Every "no" the product can say: its HTTP status, its sentence, and what the phone does next.
 * Endpoints list the codes they may answer in order of precedence (contract/api.ts).
 * Status: 400 unreadable, 401 who are you, 403 not your right, 404 not there or not yours,
 * 409 the world is different now, 422 readable but wrong, 429 too often, 5xx our fault.
 */

/** What a front does after a refusal. */
export type Reaction =
  | 'say' /* show the sentence, stay */
  | 'sign_in' /* ask who the person is, then repeat */
  | 'fix_fields' /* put each sentence beside its field */
  | 'choose_slot' /* keep every answer, go to the slot picker */
  | 'read_again' /* reload the order: its state explains */
  | 'retry' /* same request, same ids, a moment later */
  | 'queue' /* keep the request: it is sent again, with its ids, when the person's turn comes */

export interface Refusal {
  status: number
  zh: string
  reaction: Reaction
}

export const refusals = {
  malformed: { status: 400, zh: '请求内容有误，请刷新后重试', reaction: 'say' },
  invalid_fields: { status: 422, zh: '有内容需要修改，请查看标出的项目', reaction: 'fix_fields' },
  too_large: { status: 413, zh: '提交的内容过大', reaction: 'say' },
  unauthenticated: { status: 401, zh: '请先登录', reaction: 'sign_in' },
  forbidden: { status: 403, zh: '当前账号没有此操作的权限', reaction: 'say' },
  not_found: { status: 404, zh: '内容不存在或已下架', reaction: 'say' },
  too_many_requests: { status: 429, zh: '操作过于频繁，请稍后再试', reaction: 'say' },
  internal: { status: 500, zh: '系统开小差了，请稍后重试', reaction: 'retry' },
  unavailable: { status: 503, zh: '网络信号弱，正在努力加载中', reaction: 'retry' },

  code_wrong: { status: 422, zh: '验证码不正确或已过期', reaction: 'say' },
  sign_in_failed: { status: 401, zh: '登录未成功，请重试', reaction: 'say' },
  password_wrong: { status: 401, zh: '账号或密码不正确', reaction: 'say' },
  second_code: { status: 401, zh: '请输入动态验证码', reaction: 'say' },
  second_wrong: { status: 422, zh: '动态验证码不正确或已使用，请等下一个', reaction: 'say' },
  second_over: { status: 409, zh: '两步验证的设置已失效，请重新开始', reaction: 'read_again' },
  second_needed: {
    status: 403,
    zh: '此操作需要两步验证，请先在「我的账号」开启',
    reaction: 'read_again',
  },
  login_taken: { status: 409, zh: '该账号已被使用，请换一个', reaction: 'say' },
  last_owner: { status: 409, zh: '至少保留一位使用中的店主', reaction: 'say' },
  person_inactive: { status: 409, zh: '该账号已停用，请先恢复', reaction: 'read_again' },
  invitation_over: { status: 409, zh: '链接已失效，请联系店主重新发送', reaction: 'say' },

  order_id_reused: { status: 409, zh: '订单编号已被使用，请重新选择时段', reaction: 'choose_slot' },
  too_busy: { status: 429, zh: '当前参与人数过多，请稍后再试', reaction: 'say' },
  queued: { status: 409, zh: '您当前排队中，轮到您时将自动预约', reaction: 'queue' },
  slot_gone: { status: 409, zh: '该时段已失效，请重新选择时段', reaction: 'choose_slot' },
  slot_past: { status: 409, zh: '该时段已截止预约，请选择其他时段', reaction: 'choose_slot' },
  slot_closed: { status: 409, zh: '该时段暂未开放，请选择其他时段', reaction: 'choose_slot' },
  slot_checking: { status: 409, zh: '该时段正在核对，请选择其他时段', reaction: 'choose_slot' },
  slot_full: { status: 409, zh: '该时段已约满，请选择其他时段', reaction: 'choose_slot' },
  staff_busy: {
    status: 409,
    zh: '该服务人员此时段已有安排，请选择其他时段',
    reaction: 'choose_slot',
  },
  room_busy: { status: 409, zh: '该场地此时段已有安排，请选择其他时段', reaction: 'choose_slot' },
  party_too_large: { status: 409, zh: '人数超出限制，建议分时段预约', reaction: 'choose_slot' },
  party_invalid: { status: 422, zh: '请选择正确的人数', reaction: 'say' },
  limit_reached: {
    status: 409,
    zh: '您在该服务的预约数已达上限，请先完成或取消已有预约',
    reaction: 'say',
  },
  held_too_often: {
    status: 409,
    zh: '您今天多次锁定该时段未完成，请选择其他时段',
    reaction: 'choose_slot',
  },
  wait_id_reused: { status: 409, zh: '候补编号已被使用，请重新加入', reaction: 'say' },
  already_waiting: { status: 409, zh: '您已在该时段的候补名单中', reaction: 'read_again' },
  slot_free: { status: 409, zh: '该时段还有名额，可直接预约', reaction: 'choose_slot' },
  wait_full: { status: 409, zh: '该时段候补人数已满，请选择其他时段', reaction: 'choose_slot' },
  negotiation_id_reused: { status: 409, zh: '申请编号已被使用，请重新提交', reaction: 'say' },
  negotiation_state: { status: 409, zh: '申请状态已变化，已为您刷新', reaction: 'read_again' },
  asked_too_often: { status: 409, zh: '您有多条申请待商家回复，请先等待回复', reaction: 'say' },
  feedback_id_reused: {
    status: 409,
    zh: '该内容已提交，可在我的反馈中查看',
    reaction: 'read_again',
  },
  feedback_state: { status: 409, zh: '反馈状态已变化，已为您刷新', reaction: 'read_again' },
  outside_area: { status: 422, zh: '该地址不在服务范围内，请更换地址', reaction: 'fix_fields' },

  hold_expired: { status: 409, zh: '该时段已失效，请重新选择时段', reaction: 'choose_slot' },
  order_state: { status: 409, zh: '订单状态已变化，已为您刷新', reaction: 'read_again' },
  answers_changed: { status: 409, zh: '报名信息已被修改，已为您刷新', reaction: 'read_again' },
  amendment_id_reused: { status: 409, zh: '修改编号已被使用，请重新提交', reaction: 'say' },
  view_limit: { status: 409, zh: '最多保存 30 个视图，请先删除不用的', reaction: 'say' },
  not_by_hand: { status: 409, zh: '此订单现在不能这样修改', reaction: 'read_again' },
  already_registered: { status: 409, zh: '您已报名过该服务，无需重复提交', reaction: 'say' },
  form_changed: { status: 409, zh: '报名表已更新，请核对后提交', reaction: 'read_again' },

  orders_open: {
    status: 409,
    zh: '还有进行中的订单或退款，请先完成或取消，再删除个人信息',
    reaction: 'say',
  },
  contact_limit: { status: 409, zh: '每类常用信息最多 20 条，请先删除不用的', reaction: 'say' },

  form_draft_changed: {
    status: 409,
    zh: '报名表草稿已被其他人修改，已为您刷新',
    reaction: 'read_again',
  },
  form_over_budget: {
    status: 422,
    zh: '填写项超出该服务类型的上限，请删减后再发布',
    reaction: 'fix_fields',
  },

  not_registered: { status: 409, zh: '请先完成报名', reaction: 'read_again' },
  method_not_offered: { status: 422, zh: '当前环境不支持该支付方式', reaction: 'say' },
  payment_id_reused: {
    status: 409,
    zh: '支付编号已被使用，请重新发起支付',
    reaction: 'read_again',
  },
  payment_too_late: { status: 409, zh: '缴费时间已到，请重新选择时段', reaction: 'choose_slot' },
  already_paid: { status: 409, zh: '该订单已支付，无需重复付款', reaction: 'read_again' },
  payment_pending: { status: 409, zh: '上一笔支付正在确认中，请稍候', reaction: 'read_again' },
  gateway_refused: {
    status: 502,
    zh: '支付通道暂不可用，请更换支付方式或稍后再试',
    reaction: 'say',
  },

  move_id_reused: { status: 409, zh: '改期编号已被使用，请重新选择时段', reaction: 'read_again' },
  slot_same: { status: 409, zh: '已在该时段，无需改期', reaction: 'choose_slot' },
  fee_changed: { status: 409, zh: '取消费用已变化，请核对后再确认', reaction: 'read_again' },
  price_changed: { status: 409, zh: '价格已变化，请核对后再确认', reaction: 'read_again' },

  picture_id_reused: { status: 409, zh: '图片编号已被使用，请重新上传', reaction: 'say' },
  picture_invalid: {
    status: 422,
    zh: '请上传 JPG、PNG 或 WebP 图片，不超过 5 MB',
    reaction: 'say',
  },
  proof_id_reused: { status: 409, zh: '凭证编号已被使用，请重新提交', reaction: 'read_again' },
  proof_too_early: {
    status: 409,
    zh: '系统正在向支付平台核实，请稍后再提交凭证',
    reaction: 'read_again',
  },
  proof_pending: { status: 409, zh: '凭证正在审核中，请耐心等待', reaction: 'read_again' },
  transaction_known: {
    status: 409,
    zh: '该交易单号已属于另一笔支付，请核对后再通过',
    reaction: 'say',
  },
  proof_decided: { status: 409, zh: '该凭证已处理', reaction: 'read_again' },
  not_paid: { status: 409, zh: '该订单没有已完成的支付', reaction: 'read_again' },

  refund_id_reused: { status: 409, zh: '退款编号已被使用，请重新发起', reaction: 'read_again' },
  refund_too_much: { status: 409, zh: '退款金额超过可退金额', reaction: 'read_again' },
  refund_state: { status: 409, zh: '退款状态已变化，已为您刷新', reaction: 'read_again' },
  difference_resolved: { status: 409, zh: '该差异已处理', reaction: 'read_again' },
  bill_not_ready: {
    status: 409,
    zh: '支付平台尚未生成该日账单，请于次日 10:00 后再试',
    reaction: 'say',
  },

  check_in_early: {
    status: 409,
    zh: '还未到核销时间，请核对时段后确认提前核销',
    reaction: 'read_again',
  },
  nudge_id_reused: { status: 409, zh: '补充提醒编号已被使用，请重新发送', reaction: 'say' },
  nudge_open: { status: 409, zh: '该项已发送补充提醒，请等待用户填写', reaction: 'read_again' },
  nudge_over: { status: 409, zh: '该项已补充或商家已撤回，无需再填写', reaction: 'read_again' },

  finding_over: { status: 409, zh: '该异常已恢复一致，无需处理', reaction: 'read_again' },
  finding_open: { status: 409, zh: '该时段还有未处理的核对异常', reaction: 'read_again' },
  recount_refused: {
    status: 409,
    zh: '订单人数超过名额，请先调大名额或取消订单',
    reaction: 'read_again',
  },

  disruption_id_reused: { status: 409, zh: '紧急通知编号已被使用，请重新发起', reaction: 'say' },

  slot_id_reused: { status: 409, zh: '时段编号已被使用', reaction: 'say' },
  slot_booked: {
    status: 409,
    zh: '该时段已有预约、候补或专属用户，不能直接改时间',
    reaction: 'read_again',
  },
  slot_overlaps: { status: 409, zh: '该服务人员此时间已有其他时段', reaction: 'say' },
  resource_taken: { status: 409, zh: '仍有预约或排班在使用，暂不能停用', reaction: 'say' },
  schedule_changed: { status: 409, zh: '排班已被他人修改，请刷新后重试', reaction: 'read_again' },
  settings_changed: { status: 409, zh: '设置已被他人修改，已为您刷新', reaction: 'read_again' },
  capacity_taken: { status: 409, zh: '名额不能少于已预约人数', reaction: 'say' },
} as const satisfies Record<string, Refusal>

export type RefusalCode = keyof typeof refusals

/** One wrong field: `path` is the field's id or JSON path. */
export interface FieldRefusal {
  path: string
  code: string
  message: string
}

/** The body of every refusal on the wire. */
export interface RefusalBody {
  error: {
    code: RefusalCode
    message: string
    fields?: FieldRefusal[]
    requestId: string
  }
}
