/** Seals of personal data (X11): nobody without the key reads or changes them; keys rotate. */
import { createSeal } from '../../server/people/seal.ts'

const key = (n: number) => Buffer.alloc(32, n)

test('what is sealed comes back, differs each time, and shows nothing of it', () => {
  const seal = createSeal(key(1))
  const [one, two] = [seal.seal('13800138000'), seal.seal('13800138000')]
  expect(seal.open(one)).toBe('13800138000')
  expect(one).not.toBe(two)
  expect(Buffer.from(one.slice(3), 'base64url').toString('latin1')).not.toContain('138')
  expect(seal.open(seal.seal({ a: [1, null, '字'] }))).toEqual({ a: [1, null, '字'] })
})

test('every changed byte, and every other key, is refused', () => {
  const seal = createSeal(key(1))
  const sealed = seal.seal('13800138000')
  for (let at = 3; at < sealed.length; at++) {
    const other = sealed[at] === 'A' ? 'B' : 'A'
    const changed = sealed.slice(0, at) + other + sealed.slice(at + 1)
    // The last character has bits that are not used.
    if (
      Buffer.from(changed.slice(3), 'base64url').equals(Buffer.from(sealed.slice(3), 'base64url'))
    )
      continue
    expect(() => seal.open(changed)).toThrow()
  }
  expect(() => createSeal(key(2)).open(sealed)).toThrow()
  expect(() => seal.open('v9:AAAA')).toThrow('unknown seal')
})

describe('keys rotate', () => {
  const old = createSeal(key(1))
  const next = createSeal(key(1), [key(2)])
  const last = createSeal(key(1), [key(3), key(2)])

  test('the newest seals, all that are kept open', () => {
    for (const seal of [old, next, last]) {
      const sealed = seal.seal('林小满')
      expect(sealed.startsWith(seal.newest)).toBe(true)
      expect(last.open(sealed)).toBe('林小满')
    }
    expect(new Set([old.newest, next.newest, last.newest]).size).toBe(3)
  })

  test('who has only the old key cannot read what the new one sealed', () => {
    expect(() => old.open(next.seal('林小满'))).toThrow()
    expect(() => next.open(last.seal('林小满'))).toThrow()
  })

  test('the blind index stays the same, or nobody would be found again (R4)', () => {
    const found = old.index('phone', '13800138000')
    expect([next.index('phone', '13800138000'), last.index('phone', '13800138000')]).toEqual([
      found,
      found,
    ])
    expect(old.index('idCard', '13800138000')).not.toBe(found)
    expect(createSeal(key(2)).index('phone', '13800138000')).not.toBe(found)
  })
})
