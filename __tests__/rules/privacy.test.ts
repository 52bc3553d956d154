/** Personal data, the rules (X11): old texts stand to the letter; answers go when their time is over. */
import { createHash } from 'node:crypto'
import { backupDays, currentPrivacy, privacyText, privacyTexts } from '@jiyue/contract/privacy'
import fc from 'fast-check'
import { surplusBases } from '../../deploy/backup/retention.ts'
import { readBackupSettings } from '../../deploy/backup/settings.ts'
import type { Base } from '../../deploy/backup/vault.ts'
import { dueAnswers } from '../../server/privacy/forget.ts'

/** A text that somebody agreed to is never changed: add a version instead. */
const published: Record<number, string> = {
  1: 'cbb93d991323539e7e6ddd583988eaab48810d29e5f1925facaa63f241d8aaed',
  2: '91bbd941ecc510099d9047cfa420bad03f2aa5ca9a0e5988ebb971c5e09e1d62',
  3: 'fd7380c202e3cb7515aa82a2d32397fc7d5aaa2d9b287bf0eeadb783a5a2bb30',
}

test('every published privacy text stands to the letter', () => {
  expect(privacyTexts.map(({ version }) => version)).toEqual(Object.keys(published).map(Number))
  for (const { version } of privacyTexts) {
    const digest = createHash('sha256')
      .update(privacyText(version) ?? '')
      .digest('hex')
    expect([version, digest]).toEqual([version, published[version]])
  }
  expect(privacyText(currentPrivacy.version + 1)).toBeNull()
})

const day = 86_400_000

test('no base backup outlives what the text promises of erased data', () => {
  expect(privacyText(currentPrivacy.version)).toContain(`最长 ${backupDays} 天`)
  const { everyHours, keepDays } = readBackupSettings({})
  const start = Date.parse('2026-11-01T02:00:00Z')
  let kept: Base[] = []
  let oldest = 0
  for (let at = start; at < start + 90 * day; at += everyHours * 3_600_000) {
    const endedAt = new Date(at).toISOString()
    kept.push({ name: endedAt, endedAt } as Base)
    const gone = surplusBases(kept, keepDays, new Date(at))
    kept = kept.filter((base) => !gone.includes(base))
    oldest = Math.max(oldest, at - Date.parse(kept[0]?.endedAt ?? endedAt))
  }
  // The oldest ever kept, and the time until the next look.
  expect(oldest / day + everyHours / 24).toBeLessThanOrEqual(backupDays)
  expect(oldest / day).toBeGreaterThanOrEqual(keepDays)
})

const end = new Date('2026-11-01T02:00:00Z')
const fields = [
  { id: 'name', retentionDays: 180 },
  { id: 'idCard', retentionDays: 30 },
]
const after = (days: number) => new Date(end.getTime() + days * day)

test('each answer goes with the day of its own field, counted from the order’s end', () => {
  const kept = ['name', 'idCard']
  expect(dueAnswers(fields, kept, end, after(29.9))).toEqual({ over: [], next: after(30) })
  expect(dueAnswers(fields, kept, end, after(30))).toEqual({ over: ['idCard'], next: after(180) })
  expect(dueAnswers(fields, ['name'], end, after(180))).toEqual({ over: ['name'], next: null })
})

test('before the order’s end nothing goes, and it is looked at again tomorrow', () => {
  expect(dueAnswers(fields, ['idCard'], null, after(999))).toEqual({ over: [], next: after(1000) })
})

test('whenever it is looked at: nothing goes early, nothing is forgotten to go', () => {
  const field = fc.record({ id: fc.constantFrom('a', 'b', 'c', 'd'), retentionDays: fc.nat(400) })
  fc.assert(
    fc.property(
      fc.uniqueArray(field, { selector: ({ id }) => id }),
      fc.array(fc.integer({ min: 1, max: 60 }), { maxLength: 30 }),
      (some, naps) => {
        let kept = some.map(({ id }) => id)
        let now = end
        let next: Date | null = end
        const look = () => {
          const due = dueAnswers(some, kept, end, now)
          for (const id of due.over) {
            const days = some.find((one) => one.id === id)?.retentionDays ?? 0
            expect(now.getTime()).toBeGreaterThanOrEqual(after(days).getTime())
          }
          kept = kept.filter((id) => !due.over.includes(id))
          next = due.next
        }
        for (const nap of naps) {
          now = new Date(now.getTime() + nap * day)
          if (next !== null && now >= next) look()
          const late = some.filter(
            ({ id, retentionDays }) => kept.includes(id) && after(retentionDays) <= now,
          )
          expect(late).toEqual([])
        }
      },
    ),
  )
})
