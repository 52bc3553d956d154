/**
 * The demo merchant 禾悦生活服务: two branches, four staff, three services. Tests name these people
 * and services too, so that every story plays in one world.
 */
import type { Template, WeekSpan } from '@jiyue/contract/schedule'
import type { Insertable, Selectable } from 'kysely'
import type { PersonTable, ServiceTable } from '../db/schema.ts'
import { demoId } from './ids.ts'

export const merchant = { name: '禾悦生活服务', payee: '上海禾悦生活服务有限公司' }

/** Accounts of the console. Demo only: a real deployment makes its own. */
export const people: (Pick<Selectable<PersonTable>, 'id' | 'login' | 'name' | 'role'> & {
  password: string
})[] = [
  { id: demoId('owner'), login: 'owner', name: '店主 沈禾', role: 'owner', password: 'jiyue-demo' },
  {
    id: demoId('desk'),
    login: 'desk',
    name: '前台 小林',
    role: 'front_desk',
    password: 'jiyue-demo',
  },
  {
    id: demoId('finance'),
    login: 'finance',
    name: '财务 周衡',
    role: 'finance',
    password: 'jiyue-demo',
  },
]

export const cleaning = demoId('cleaning')
export const venue = demoId('venue')
export const lecture = demoId('lecture')

const xuhui = demoId('branch xuhui')
const pudong = demoId('branch pudong')

export const branches = [
  {
    id: xuhui,
    name: '徐汇店',
    address: '上海市徐汇区漕溪北路 88 号 2 层',
    phone: '021-64000088',
    latitude: 31.1917,
    longitude: 121.4383,
  },
  {
    id: pudong,
    name: '浦东店',
    address: '上海市浦东新区张杨路 500 号 5 层',
    phone: '021-58000500',
    latitude: 31.2296,
    longitude: 121.5177,
  },
]

/** Rooms of the branches, and which services take place in them. */
export const loft = demoId('room loft')
export const rooms = [
  {
    id: demoId('room lecture'),
    branch_id: xuhui,
    name: '报告厅',
    about: '阶梯座位，投影与无线麦克风',
    seats: 200,
    serviceIds: [lecture],
  },
  {
    id: loft,
    branch_id: pudong,
    name: '阁楼',
    about: '室内 180 ㎡，连屋顶露台',
    seats: 60,
    serviceIds: [venue],
  },
]

export const staff = [
  {
    id: demoId('staff zhou'),
    name: '周敏',
    photo: 'staff-1',
    title: '高级保洁师',
    profile: '从业 9 年，擅长深度清洁与收纳，自带除螨设备。',
    rating: '4.9',
    serviceIds: [cleaning],
  },
  {
    id: demoId('staff liu'),
    name: '刘芳',
    photo: 'staff-2',
    title: '保洁师',
    profile: '从业 5 年，细致守时，熟悉母婴家庭清洁。',
    rating: '4.8',
    serviceIds: [cleaning],
  },
  {
    id: demoId('staff chen'),
    name: '陈岚',
    photo: 'staff-3',
    title: '团建策划师',
    profile: '策划过 200 余场企业活动，全程驻场协调。',
    rating: '4.9',
    serviceIds: [venue],
  },
  {
    id: demoId('staff gu'),
    name: '顾以宁',
    photo: 'staff-4',
    title: '家庭教育讲师',
    profile: '心理学硕士，专注亲子沟通，讲课风趣易懂。',
    rating: '5.0',
    serviceIds: [lecture, venue],
  },
]

type DemoService = Insertable<ServiceTable> & {
  id: string
  branchIds: string[]
  cutoff_minutes: number
}

export const services: DemoService[] = [
  {
    id: cleaning,
    kind: 'personal',
    name: '家庭保洁',
    summary: '两小时日常保洁，自带工具与清洁剂',
    content: ['客厅、卧室除尘与地面清洁', '厨房台面、灶台去油', '卫生间洁具除垢消毒', '垃圾清运'],
    notes: ['请提前收好贵重物品', '宠物家庭请提前告知', '保洁师会提前 10 分钟电话联系您'],
    photos: ['cleaning-1', 'cleaning-2', 'cleaning-3'],
    price_fen: 12800,
    price_unit: '次',
    charged_per: 'order',
    includes: '应付金额包含服务费用、上门服务费（如需），无其他隐性收费',
    duration_minutes: 120,
    cutoff_minutes: 60,
    party_min: 1,
    party_max: 1,
    deposit_fen: 0,
    deposit_condition: null,
    city: '上海市',
    districts: ['徐汇区', '长宁区', '静安区', '黄浦区', '浦东新区'],
    radius_m: 8000,
    unique_per: 'slot',
    position: 1,
    branchIds: [xuhui, pudong],
  },
  {
    id: venue,
    kind: 'enterprise',
    name: '团建场地',
    summary: '阁楼与露台半日场，含音响、茶歇与策划支持',
    content: [
      '室内阁楼 180 ㎡，可容纳 60 人',
      '屋顶露台与烧烤区',
      '投影、音响、无线麦克风',
      '茶歇与饮用水',
      '策划师驻场协调',
    ],
    notes: [
      '请提前 15 分钟到场签到',
      '可自带餐食，场内禁烟',
      '超时按每半小时另计，请提前与策划师确认',
    ],
    photos: ['venue-1', 'venue-2', 'venue-3'],
    price_fen: 9800,
    price_unit: '人',
    charged_per: 'person',
    includes: '应付金额包含场地、设备、茶歇与策划服务费用，无其他隐性收费',
    duration_minutes: 240,
    cutoff_minutes: 240,
    party_min: 8,
    party_max: 60,
    deposit_fen: 50000,
    deposit_condition: '活动结束、场地验收无损后 24 小时内原路退回',
    city: null,
    districts: null,
    radius_m: null,
    unique_per: 'slot',
    position: 2,
    branchIds: [pudong],
  },
  {
    id: lecture,
    kind: 'event',
    name: '亲子沟通讲座',
    summary: '两小时现场讲座与问答，每场 200 席',
    content: ['青春期情绪与边界', '家庭会议怎么开', '现场问答 30 分钟', '赠讲义电子版'],
    notes: ['请凭核销码入场，开场后 15 分钟停止入场', '现场禁止直播与录像'],
    photos: ['lecture-1', 'lecture-2', 'lecture-3'],
    price_fen: 6900,
    price_unit: '人',
    charged_per: 'person',
    includes: '应付金额包含听课席位与讲义费用，无其他隐性收费',
    duration_minutes: 120,
    cutoff_minutes: 30,
    party_min: 1,
    party_max: 5,
    deposit_fen: 0,
    deposit_condition: null,
    city: null,
    districts: null,
    radius_m: null,
    unique_per: 'slot',
    position: 3,
    branchIds: [xuhui],
  },
]

export const promotions = [
  {
    id: demoId('promotion first'),
    service_id: null,
    label: '新人立减',
    kind: 'first_order' as const,
    value: 2000,
    position: 1,
    days: 365,
  },
  {
    id: demoId('promotion venue'),
    service_id: venue,
    label: '企业 9 折',
    kind: 'percent' as const,
    value: 10,
    position: 2,
    days: 60,
  },
]

export const reviews = [
  [cleaning, '王女士', 5, '周阿姨很准时，厨房的油污都擦干净了，下次还约她。', 3],
  [cleaning, '李先生', 5, '打扫得很仔细，走之前还把垃圾带下楼了。', 9],
  [cleaning, '赵女士', 4, '整体满意，窗槽可以再细一点。', 16],
  [venue, '某科技公司 行政', 5, '露台很出片，音响效果好，策划师全程跟着，省心。', 5],
  [venue, '某设计工作室', 5, '场地干净，茶歇补得很及时。', 20],
  [lecture, '孙妈妈', 5, '顾老师讲得很实在，回家就用上了家庭会议的方法。', 2],
  [lecture, '周爸爸', 5, '问答环节很有收获，座位也宽敞。', 11],
  [lecture, '吴女士', 4, '内容很好，希望能多一些案例。', 25],
].map(([service_id, name, rating, text, daysAgo], index) => ({
  id: demoId(`review ${index}`),
  service_id: String(service_id),
  name: String(name),
  rating: Number(rating),
  text: String(text),
  daysAgo: Number(daysAgo),
}))

const everyDay = [0, 1, 2, 3, 4, 5, 6]
/** The week of each service: from these schedules the demo's slots are made. */
export const schedules: Schedule[] = [
  ...['zhou', 'liu'].map((who, i) =>
    schedule(`cleaning ${who}`, {
      serviceId: cleaning,
      staffId: demoId(`staff ${who}`),
      weekly: weekOf(i === 0 ? [1, 2, 3, 4, 5, 6] : [0, 2, 3, 4, 5, 6], [9, 21]),
      slotMinutes: 120,
      bufferAfter: 30,
      leadMinutes: 60,
    }),
  ),
  ...[
    { name: 'day', spans: [hours(9, 13), hours(14, 18)], slotMinutes: 240 },
    { name: 'evening', spans: [hours(18, 21)], slotMinutes: 180 },
  ].map(({ name, spans, slotMinutes }) =>
    schedule(`venue ${name}`, {
      serviceId: venue,
      staffId: demoId('staff chen'),
      branchId: pudong,
      roomId: loft,
      weekly: spans.flatMap((span) => weekOf(everyDay, span)),
      slotMinutes,
      capacity: 60,
      leadMinutes: 240,
    }),
  ),
  schedule('lecture', {
    serviceId: lecture,
    staffId: demoId('staff gu'),
    branchId: xuhui,
    roomId: demoId('room lecture'),
    weekly: [...weekOf([0, 6], [14, 16]), ...weekOf([1, 3, 5], [19.5, 21.5])],
    slotMinutes: 120,
    capacity: 200,
    leadMinutes: 30,
  }),
]

type Schedule = Template & { id: string }

function schedule(
  name: string,
  of: Partial<Template> & Pick<Template, 'serviceId' | 'weekly' | 'slotMinutes'>,
): Schedule {
  return {
    id: demoId(`schedule ${name}`),
    branchId: null,
    staffId: null,
    roomId: null,
    breaks: [],
    bufferBefore: 0,
    bufferAfter: 0,
    capacity: 1,
    priceFen: null,
    leadMinutes: 0,
    cutoff: null,
    makeupWeekday: null,
    onClosedDays: 'keep',
    exceptions: [],
    startsOn: '2020-01-01',
    endsOn: null,
    weeksAhead: 2,
    ...of,
  }
}

function weekOf(weekdays: readonly number[], [from, to]: readonly [number, number]): WeekSpan[] {
  return weekdays.map((weekday) => ({ weekday, from: from * 60, to: to * 60 }))
}

function hours(from: number, to: number): readonly [number, number] {
  return [from, to]
}
