/** Days of the slot picker on a page that stays open (B2): 今日 is the day it is, not the day it was. */
import type { Slot } from '@jiyue/contract/schema/wire'
import { addDays, type Day, dayOf, instantOf } from '@jiyue/contract/time'
import { createApp } from '../../src/stores/app.ts'
import { createSlotPicker } from '../../src/stores/slotPicker.ts'
import { serviceId, someSlot } from './flowOrder.ts'
import { glassPhone, ok } from './flowPhone.ts'

const hour = 3_600_000
/** The glass phone's first day; it begins at ten in the morning. */
const first = '2026-11-22'
const second = addDays(first, 1)
const third = addDays(first, 2)

/** A slot of a day, by the hour at which it begins. */
function slotOn(day: Day, at: number): Slot {
  const [startsAt, endsAt] = [at, at + 1].map((hours) =>
    new Date(instantOf(day) + hours * hour).toISOString(),
  ) as [string, string]
  return someSlot(`${day} ${at}`, 0, { startsAt, endsAt, bookableUntil: startsAt })
}

/** A picker on a page in front, with a merchant who has these slots. */
async function opened(slots: Slot[], at: number, phoneAheadMs = 0) {
  const phone = glassPhone(({ path }) => {
    const query = new URLSearchParams(path.split('?')[1])
    const [from, to] = [query.get('from') ?? '', query.get('to') ?? '']
    const days = []
    for (let day = from; day <= to; day = addDays(day, 1))
      days.push({ day, open: true, kind: 'workday', name: null })
    const within = slots.filter(({ startsAt }) => from <= dayOf(startsAt) && dayOf(startsAt) <= to)
    return ok({ days, slots: within, now: new Date(phone.now() - phoneAheadMs).toISOString() })
  })
  await phone.pass((at - 10) * hour)
  const picker = createSlotPicker(createApp(phone), {
    serviceId: () => serviceId,
    bookingDays: () => 14,
  })
  await picker.load()
  const hide = picker.follow()
  const seen = () => {
    const { tab, day, slotId } = picker.store.getState()
    return { tab, day, slotId }
  }
  return { phone, picker, hide, seen }
}

test('late in the evening 明日 is shown; past midnight the same day is 今日, and the choice stays', async () => {
  const { phone, picker, seen } = await opened([slotOn(second, 9), slotOn(third, 9)], 23.5)
  expect(seen()).toMatchObject({ tab: 'tomorrow', day: second })
  picker.chooseSlot(`${second} 9`)
  await phone.pass(hour)
  expect(seen()).toEqual({ tab: 'today', day: second, slotId: `${second} 9` })
  // The next midnight, and what was chosen is over: the day gives way to the first with a free slot.
  await phone.pass(24 * hour)
  expect(seen()).toEqual({ tab: 'today', day: third, slotId: null })
})

test('a page that was away over night shows the new day’s slots when it is back, not yesterday’s', async () => {
  const { phone, picker, hide, seen } = await opened([slotOn(first, 20), slotOn(third, 9)], 18)
  expect(seen()).toMatchObject({ tab: 'today', day: first })
  hide()
  await phone.pass(14 * hour)
  // Nobody looked, nothing was read.
  expect(seen()).toMatchObject({ tab: 'today', day: first })
  await picker.load()
  expect(seen()).toMatchObject({ tab: 'tomorrow', day: third })
  expect(picker.store.getState().readDays[0]).toBe(second)
})

test('a day of the week or of the calendar stays what was chosen', async () => {
  const { phone, picker, seen } = await opened([slotOn(first, 20), slotOn(third, 9)], 23)
  picker.chooseTab('week')
  picker.chooseDay(third)
  await phone.pass(2 * hour)
  expect(seen()).toMatchObject({ tab: 'week', day: third })
  picker.chooseTab('custom')
  await phone.pass(24 * hour)
  expect(seen()).toMatchObject({ tab: 'custom', day: third })
})

test.each([
  ['ahead', 24],
  ['behind', -24],
])(
  'a phone whose calendar is a day %s shows the merchant’s day once it has heard of it',
  async (_, hours) => {
    const today = addDays(first, -hours / 24)
    const { picker, seen } = await opened([slotOn(today, 20)], 18, hours * hour)
    expect(seen()).toEqual({ tab: 'today', day: today, slotId: null })
    expect(picker.store.getState().slots.map(({ id }) => id)).toEqual([`${today} 20`])
  },
)
