/** The console's log (M10) is complete: every table is on it or named here, every act has its word. */
import { actNames, actWords, objectWords } from '@jiyue/contract/acts'
import { sql } from 'kysely'
import { type FreshDatabase, freshDatabase } from '../db.ts'

let database: FreshDatabase
beforeAll(async () => {
  database = await freshDatabase()
})

/** Tables that nobody of the merchant changes from the console, or whose changes speak elsewhere. */
const elsewhere = new Set([
  ...['acts', 'act_changes', 'migrations', 'merchant', 'reviews', 'identities', 'users'],
  ...['sign_in_codes', 'sign_in_tries', 'known_devices', 'recovery_codes', 'seal_rounds'],
  ...['order_moves', 'payment_moves', 'refund_moves', 'events', 'facts', 'payments', 'moves'],
  ...['drafts', 'registrations', 'registration_marks', 'registration_pictures', 'lapsed_marks'],
  ...['bill_rows', 'pictures', 'picture_failures', 'receipts', 'reminders', 'sends', 'consents'],
  ...[
    'waits',
    'check_in_codes',
    'queue_reminders',
    'contacts',
    'agreements',
    'audits',
    'audit_due',
    'archives',
  ],
  // What follows from an act of the disruption desk, which is on the log with its slots.
  // Lines of a conversation and what WeChat says: the feedback they are of is on the log.
  ...['feedback_words', 'feedback_pictures', 'complaints', 'complaint_pictures'],
  // What it changed: the amendment is on the log, and answers must be forgotten in one place.
  'amended_answers',
  // How a person likes to look at a list.
  'saved_views',
  // Told by phones.
  'looks',
  ...['disruption_slots', 'disrupted_orders', 'chases', 'coupons'],
  // The bytes of a portrait: which one it is stands in staff.photo.
  'staff_photos',
  // The same of a service's photos: services.photos.
  'service_photos',
  // Both slots of a move are on the log.
  'slot_moves',
  // What is being written; the published version is on the log. Exports have a list of their own.
  ...['form_drafts', 'exports'],
])

test('every table is on the log or named here with those that are not; each has its word', async () => {
  const { rows } = await sql<{ table: string; logged: boolean }>`
    select tablename as "table", exists (select 1 from pg_trigger
      where tgrelid = tablename::regclass and tgname = 'act_log') as logged
    from pg_tables where schemaname = 'public'`.execute(database.db)
  const untold = rows.filter(({ table, logged }) => !logged && !elsewhere.has(table))
  // `select log_changes('<table>', '<key>', '<name>')` in its migration puts it on.
  expect(untold).toEqual([])
  const logged = rows.filter((row) => row.logged).map(({ table }) => table)
  expect(logged.filter((table) => !(table in objectWords))).toEqual([])
})

test('every act has its own word', () => {
  expect(new Set(actNames.map((name) => actWords[name])).size).toBe(actNames.length)
  expect(Object.keys(actWords).sort()).toEqual([...actNames].sort())
})
