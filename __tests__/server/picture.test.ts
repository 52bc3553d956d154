/** Pictures people send (P10): pixels are kept, nothing else; what is no picture leaves no trace. */
import { randomUUID } from 'node:crypto'
import { crc32 } from 'node:zlib'
import { pictureBytes } from '@jiyue/contract/proof'
import { sql } from 'kysely'
import sharp from 'sharp'
import { lecture } from '../../server/demo/world.ts'
import { forgetUnused } from '../../server/picture/picture.ts'
import { Crowded, takeTurns } from '../../server/picture/turns.ts'
import { newSlot } from '../races/setting.ts'
import {
  caller,
  must,
  openWorld,
  type Person,
  registeredOrder,
  signIn,
  signInConsole,
  signInOwner,
  type World,
} from '../world.ts'
import { codeOf, everything, minute, paying, pngOf, sendPicture } from './proving.ts'

let world: World
let owner: { call: Person['call'] }
beforeAll(async () => {
  world = await openWorld()
  owner = await signInOwner(world)
})
afterAll(() => world.close())

const db = () => world.database.db
const put = (person: Person, file: Buffer, id: string = randomUUID()) =>
  person.call('putPicture', { params: { id }, body: { base64: file.toString('base64') } })
const rowOf = (id: string) =>
  db().selectFrom('pictures').selectAll().where('id', '=', id).executeTakeFirstOrThrow()

/** 400 wide, 300 high; red in its top left corner, else blue. */
const flag = () =>
  sharp({ create: { width: 400, height: 300, channels: 3, background: '#00f' } }).composite([
    {
      input: { create: { width: 100, height: 100, channels: 3, background: '#f00' } },
      left: 0,
      top: 0,
    },
  ])

/** A picture that somebody told the merchant something with. */
async function told() {
  const person = await signIn(world)
  const pictureId = await sendPicture(person, await pngOf())
  const id = randomUUID()
  const body = { kind: 'complaint', text: '有图', orderId: null, phone: null, page: '/' } as const
  await must(person.call, 'putFeedback', {
    params: { id },
    body: { ...body, pictureIds: [pictureId] },
  })
  return { id, pictureId }
}

describe('what is kept', () => {
  test('no place, no camera, no profile, no hidden text: a picture that stands upright', async () => {
    const mei = await signIn(world)
    const secret = '秘密的住址'
    const sent = await flag()
      .withExif({
        IFD0: { Make: 'Phone', ImageDescription: secret },
        IFD3: { GPSLatitude: '31/1' },
      })
      .withMetadata({ orientation: 6 })
      .withXmp(`<x:xmpmeta xmlns:x="adobe:ns:meta/">${secret}</x:xmpmeta>`)
      .withIccProfile('p3')
      .jpeg()
      .toBuffer()
    const before = await sharp(sent).metadata()
    expect([before.orientation, !!before.exif, !!before.xmp, !!before.icc]).toEqual([
      6,
      true,
      true,
      true,
    ])
    const id = await sendPicture(mei, sent)
    const { bytes, width, height, type } = await rowOf(id)
    const after = await sharp(bytes).metadata()
    expect([type, after.format, width, height, after.width, after.height]).toEqual([
      'image/jpeg',
      'jpeg',
      300,
      400,
      300,
      400,
    ])
    expect([after.orientation, after.exif, after.xmp, after.icc, after.iptc]).toEqual(
      Array(5).fill(undefined),
    )
    expect(bytes.includes(secret)).toBe(false)
    // Turned clockwise: what was top left is top right now.
    const red = await colourAt(bytes, 290, 10)
    const blue = await colourAt(bytes, 10, 10)
    expect([red[0] > 200, red[2] < 60, blue[0] < 60, blue[2] > 200]).toEqual(Array(4).fill(true))
  })

  test.each([
    ['JPEG', () => flag().jpeg().toBuffer()],
    ['progressive JPEG', () => flag().jpeg({ progressive: true }).toBuffer()],
    ['JPEG of a printer’s colours', () => flag().toColourspace('cmyk').jpeg().toBuffer()],
    ['grey JPEG', () => flag().greyscale().jpeg().toBuffer()],
    ['PNG', () => flag().png().toBuffer()],
    ['PNG of 16 bits', () => flag().toColourspace('rgb16').png().toBuffer()],
    [
      'interlaced PNG of few colours',
      () => flag().png({ palette: true, progressive: true }).toBuffer(),
    ],
    ['WebP', () => flag().webp().toBuffer()],
    ['WebP without loss', () => flag().webp({ lossless: true }).toBuffer()],
  ] as const)('%s is taken by what it is', async (_, make) => {
    const answer = await must((await signIn(world)).call, 'putPicture', {
      params: { id: randomUUID() },
      body: { base64: (await make()).toString('base64') },
    })
    expect([answer.width, answer.height]).toEqual([400, 300])
    expect((await sharp((await rowOf(answer.id)).bytes).metadata()).space).toBe('srgb')
  })

  test('large ones are drawn at 1600, small ones are not blown up, nothing shines through', async () => {
    const mei = await signIn(world)
    const create = { width: 3200, height: 1000, channels: 4 as const, background: '#f000' }
    const large = await rowOf(await sendPicture(mei, await sharp({ create }).png().toBuffer()))
    expect([large.width, large.height]).toEqual([1600, 500])
    expect(Math.min(...(await colourAt(large.bytes, 800, 250)))).toBeGreaterThan(250)
    const small = { ...create, width: 40, height: 30 }
    const kept = await rowOf(
      await sendPicture(mei, await sharp({ create: small }).png().toBuffer()),
    )
    expect([kept.width, kept.height]).toEqual([40, 30])
  })

  test('a second file behind the picture is not kept', async () => {
    const mei = await signIn(world)
    const jpeg = await flag().jpeg().toBuffer()
    const behind = Buffer.from('PK\x03\x04<script>alert(1)</script><?php system($_GET[0]); ?>')
    const { bytes } = await rowOf(await sendPicture(mei, Buffer.concat([jpeg, behind])))
    for (const trace of ['PK\x03\x04', '<script', '<?php'])
      expect(bytes.includes(trace)).toBe(false)
  })

  test('the merchant sees it, byte for byte', async () => {
    const { id, pictureId } = await told()
    const { bytes, width, height } = await rowOf(pictureId)
    const seen = await must(owner.call, 'getFeedbackPicture', { params: { id, pictureId } })
    expect(seen).toEqual({ type: 'image/jpeg', base64: bytes.toString('base64'), width, height })
  })

  test('by the right to money only what shows money is seen: no paper of a registration, whoever knows its id', async () => {
    const mei = await signIn(world)
    const pictureId = await sendPicture(mei, await pngOf())
    const order = await registeredOrder(
      mei,
      await newSlot(db(), { serviceId: lecture, capacity: 9 }),
    )
    await db()
      .insertInto('registration_pictures')
      .values({ order_id: order.id, picture_id: pictureId, field_id: 'papers' })
      .execute()
    const finance = caller(world.url, (await signInConsole(world, 'finance')).token)
    const params = { id: pictureId }
    const asAnswer = { params: { id: order.id, pictureId } }
    expect(codeOf(await finance('getAnswerPicture', asAnswer))).toBe('forbidden')
    expect(codeOf(await finance('getPicture', { params }))).toBe('not_found')
    expect(codeOf(await owner.call('getPicture', { params }))).toBe('not_found')
    expect(codeOf(await owner.call('getAnswerPicture', asAnswer))).toBe('ok')
    expect(codeOf(await finance('getPicture', { params: { id: (await told()).pictureId } }))).toBe(
      'not_found',
    )
  })
})

async function colourAt(
  bytes: Buffer,
  left: number,
  top: number,
): Promise<[number, number, number]> {
  const one = await sharp(bytes).extract({ left, top, width: 1, height: 1 }).raw().toBuffer()
  return [one[0] ?? 0, one[1] ?? 0, one[2] ?? 0]
}

describe('what is no picture is refused and leaves nothing', () => {
  const text = (content: string) => async () => Buffer.from(content, 'latin1')
  const cut = (make: () => Promise<Buffer>, part: number) => async () => {
    const file = await make()
    return file.subarray(0, Math.floor(file.length * part))
  }
  const noisy = () =>
    sharp({
      create: {
        width: 300,
        height: 300,
        channels: 3,
        background: '#fff',
        noise: { type: 'gaussian', mean: 128, sigma: 40 },
      },
    })
  const [jpeg, png, webp] = [
    () => noisy().jpeg().toBuffer(),
    () => noisy().png().toBuffer(),
    () => noisy().webp().toBuffer(),
  ]
  const strip = async () => {
    const { data, info } = await noisy().raw().toBuffer({ resolveWithObject: true })
    return sharp(data, { raw: { ...info, pageHeight: 100 } })
  }
  const chunk = (name: string, hex: string) => {
    const content = Buffer.concat([Buffer.from(name), Buffer.from(hex, 'hex')])
    const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)]
    length.writeUInt32BE(content.length - 4)
    sum.writeUInt32BE(crc32(content))
    return Buffer.concat([length, content, sum])
  }
  const single = (background: string, side: number) =>
    sharp({
      create: { width: side, height: side, channels: 3, background },
      limitInputPixels: false,
    })

  const files: [string, () => Promise<Buffer>][] = [
    ['a zip called jpg', text(`PK\x03\x04${'\0'.repeat(200)}PK\x05\x06`)],
    [
      'a zip before a picture',
      async () => Buffer.concat([Buffer.from('PK\x03\x04'), await jpeg()]),
    ],
    ['a PDF', text('%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer<<>>\n%%EOF')],
    ['a page', text('<!doctype html><script>alert(1)</script>')],
    [
      'a page with a picture in it',
      async () => Buffer.concat([Buffer.from('<html>'), await png()]),
    ],
    ['an SVG', text('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect/></svg>')],
    [
      'an SVG that reads a file',
      text(
        '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><svg xmlns="http://www.w3.org/2000/svg">&a;</svg>',
      ),
    ],
    ['a GIF', () => noisy().gif().toBuffer()],
    ['a TIFF', () => noisy().tiff().toBuffer()],
    ['a HEIC', text('\0\0\0\x18ftypheic\0\0\0\0mif1heic')],
    ['a BMP', text(`BM${'\0'.repeat(100)}`)],
    [
      'a moving WebP',
      async () => (await strip()).webp({ delay: [100, 100, 100], loop: 0 }).toBuffer(),
    ],
    [
      'a moving PNG',
      async () => {
        const file = await png()
        // Behind IHDR, whose chunk ends at byte 33.
        return Buffer.concat([
          file.subarray(0, 33),
          chunk('acTL', '0000000200000000'),
          file.subarray(33),
        ])
      },
    ],
    ['a sound in a RIFF', text('RIFF\x24\0\0\0WAVEfmt \x10\0\0\0')],
    ['the beginning of a JPEG', text('\xff\xd8\xff\xe0\0\x10JFIF')],
    [
      'noise after the mark of a JPEG',
      async () => Buffer.from(`ffd8ff${'a7'.repeat(4000)}`, 'hex'),
    ],
    [
      'noise after the mark of a PNG',
      async () => Buffer.from(`89504e470d0a1a0a${'a7'.repeat(4000)}`, 'hex'),
    ],
    ['only noughts', async () => Buffer.alloc(5000)],
    ...[0.999, 0.5, 0.1].flatMap((part): [string, () => Promise<Buffer>][] => [
      [`${part} of a JPEG`, cut(jpeg, part)],
      [`${part} of a PNG`, cut(png, part)],
      [`${part} of a WebP`, cut(webp, part)],
    ]),
    ['a bomb: 49 million points in few bytes', () => single('#000', 7000).png().toBuffer()],
    [
      'a byte more than 5 MB',
      async () => {
        const file = await jpeg()
        return Buffer.concat([file, Buffer.alloc(pictureBytes + 1 - file.length)])
      },
    ],
  ]

  test.each(files)('%s', async (_, make) => {
    const mei = await signIn(world)
    const file = await make()
    // That it was tried is counted, and nothing else is kept.
    const before = await everything(world, ['picture_failures'])
    expect(codeOf(await put(mei, file))).toBe('picture_invalid')
    expect(await everything(world, ['picture_failures'])).toBe(before)
  })

  test('what moves is refused because it moves: one that stands still is taken', async () => {
    const moving = await (await strip()).webp({ delay: [100, 100, 100], loop: 0 }).toBuffer()
    expect((await sharp(moving).metadata()).pages).toBe(3)
    const file = await png()
    const note = [file.subarray(0, 33), chunk('tEXt', '6100620063'), file.subarray(33)]
    const mei = await signIn(world)
    expect(codeOf(await put(mei, Buffer.concat(note)))).toBe('ok')
    expect(codeOf(await put(mei, await webp()))).toBe('ok')
  })

  test('exactly 5 MB are taken', async () => {
    const file = await jpeg()
    const answer = await put(
      await signIn(world),
      Buffer.concat([file, Buffer.alloc(pictureBytes - file.length)]),
    )
    expect(codeOf(answer)).toBe('ok')
  })

  test.each([
    '',
    'no base64!',
    'data:image/png;base64,iVBORw0KGgo=',
    'iVBORw0KGg',
    '长'.repeat(99),
  ])('what is no base64 (%#) is unreadable', async (base64) => {
    const mei = await signIn(world)
    const before = await everything(world)
    const answer = await mei.call('putPicture', { params: { id: randomUUID() }, body: { base64 } })
    expect(codeOf(answer)).toBe('malformed')
    expect(await everything(world)).toBe(before)
  })

  test('more than a body may have is too large', async () => {
    const answer = await put(await signIn(world), Buffer.alloc(6 * 1024 * 1024))
    expect(codeOf(answer)).toBe('too_large')
  })
})

describe('an id', () => {
  test('with the same file is the same picture, however many send it at once', async () => {
    const [mei, file, id] = [await signIn(world), await pngOf(), randomUUID()]
    const answers = await Promise.all(Array.from({ length: 8 }, () => put(mei, file, id)))
    expect(new Set(answers.map((one) => JSON.stringify(one))).size).toBe(1)
    expect(answers[0]?.ok).toBe(true)
    expect(await put(mei, file, id)).toEqual(answers[0])
  })

  test('with another file, or what is none, is refused as used and changes nothing', async () => {
    const [mei, id] = [await signIn(world), randomUUID()]
    await put(mei, await pngOf(), id)
    const before = await everything(world)
    expect(codeOf(await put(mei, await pngOf(), id))).toBe('picture_id_reused')
    expect(codeOf(await put(mei, Buffer.from('no picture at all'), id))).toBe('picture_id_reused')
    expect(await everything(world)).toBe(before)
  })

  test('of somebody else is used, and the same file does not tell whose', async () => {
    const [mei, lan, id, file] = [
      await signIn(world),
      await signIn(world),
      randomUUID(),
      await pngOf(),
    ]
    await put(mei, file, id)
    const before = await everything(world)
    const [same, other] = [await put(lan, file, id), await put(lan, await pngOf(), id)]
    expect(codeOf(same)).toBe('picture_id_reused')
    expect(same).toEqual(other)
    expect(await everything(world)).toBe(before)
  })

  test('two people take in the same moment belongs to one of them', async () => {
    for (let round = 0; round < 5; round++) {
      const [mei, lan, id] = [await signIn(world), await signIn(world), randomUUID()]
      const answers = await Promise.all([put(mei, await pngOf(), id), put(lan, await pngOf(), id)])
      expect(answers.map(codeOf).sort()).toEqual(['ok', 'picture_id_reused'])
    }
  })
})

describe('how many', () => {
  const tiny = (shade: number) =>
    sharp({ create: { width: 20, height: 20, channels: 3, background: { r: shade, g: 0, b: 0 } } })
      .png()
      .toBuffer()

  test('20 a day and person, also of 24 sent at once; the next day has its own', async () => {
    const [mei, lan] = [await signIn(world), await signIn(world)]
    const files = await Promise.all(Array.from({ length: 24 }, (_, shade) => tiny(shade)))
    // Turned away while too many are drawn, a phone sends the same again.
    const answers = await Promise.all(
      files.map(async (file) => {
        const id = randomUUID()
        for (;;) {
          const code = codeOf(await put(mei, file, id))
          if (code !== 'unavailable') return code
        }
      }),
    )
    expect(answers.filter((code) => code === 'ok')).toHaveLength(20)
    expect(answers.filter((code) => code === 'too_many_requests')).toHaveLength(4)
    expect(codeOf(await put(lan, await tiny(100)))).toBe('ok')
    world.clock.aheadMs = 24 * 60 * minute + 1
    try {
      expect(codeOf(await put(mei, await tiny(101)))).toBe('ok')
    } finally {
      world.clock.aheadMs = 0
    }
  })

  test('files that are no pictures count too, sent together or not; others are not held up', async () => {
    const [mei, lan] = [await signIn(world), await signIn(world)]
    const broken = Buffer.from('no picture at all')
    const codes = await Promise.all(
      Array.from({ length: 23 }, async () => {
        for (;;) {
          const code = codeOf(await put(mei, broken))
          if (code !== 'unavailable') return code
        }
      }),
    )
    expect(codes.filter((code) => code === 'picture_invalid')).toHaveLength(20)
    expect(codes.filter((code) => code === 'too_many_requests')).toHaveLength(3)
    expect(codeOf(await put(mei, await tiny(1)))).toBe('too_many_requests')
    expect(codeOf(await put(lan, await tiny(2)))).toBe('ok')
    world.clock.aheadMs = 24 * 60 * minute + 1
    try {
      expect(codeOf(await put(mei, await tiny(3)))).toBe('ok')
    } finally {
      world.clock.aheadMs = 0
    }
  })

  test('one person has one place and few that wait: the next person goes first past them', async () => {
    const turn = takeTurns(2, 10, 2)
    const order: string[] = []
    const ends: (() => void)[] = []
    const work = (who: string) =>
      turn(async () => {
        order.push(who)
        await new Promise<void>((resolve) => ends.push(resolve))
      }, who)
    const all = [work('mei'), work('mei'), work('mei')]
    await expect(work('mei')).rejects.toThrow(Crowded)
    all.push(work('lan'))
    expect(order).toEqual(['mei', 'lan'])
    for (let done = 0; done < all.length; ) {
      const end = ends.shift()
      if (end) done++
      end?.()
      await new Promise((resolve) => setImmediate(resolve))
    }
    await Promise.all(all)
    expect(order).toEqual(['mei', 'lan', 'mei', 'mei'])
  })

  test('few are drawn together, few wait, the rest hear it at once', async () => {
    const turn = takeTurns(2, 3)
    let running = 0
    let most = 0
    const ends: (() => void)[] = []
    const work = () =>
      turn(async () => {
        most = Math.max(most, ++running)
        await new Promise<void>((resolve) => ends.push(resolve))
        running--
        return 'done'
      })
    const five = Array.from({ length: 5 }, work)
    await expect(work()).rejects.toThrow(Crowded)
    const all = Promise.all(five)
    for (let done = 0; done < 5; ) {
      const end = ends.shift()
      if (end) done++
      end?.()
      await new Promise((resolve) => setImmediate(resolve))
    }
    expect(await all).toEqual(Array(5).fill('done'))
    expect(most).toBe(2)
  })

  test('work that fails gives its place back', async () => {
    const turn = takeTurns(1, 1)
    const fails = turn(() => Promise.reject(new Error('broken')))
    const next = turn(async () => 'next')
    await expect(fails).rejects.toThrow('broken')
    expect(await next).toBe('next')
  })
})

test('a picture no proof shows is forgotten after a week, one that a proof shows is not', async () => {
  const { person, order } = await paying(world)
  const [unused, shown] = [
    await sendPicture(person, await pngOf()),
    await sendPicture(person, await pngOf()),
  ]
  world.clock.aheadMs = 11 * minute
  try {
    const body = { orderId: order.id, pictureId: shown, paidFen: 4900 }
    await must(person.call, 'putProof', { params: { id: randomUUID() }, body })
    const ids = async () => {
      const { rows } = await sql<{ id: string }>`select id from pictures
        where id not in (select picture_id from feedback_pictures
          union all select picture_id from registration_pictures)`.execute(db())
      return rows.map(({ id }) => id)
    }
    await forgetUnused(world.parts)
    expect(await ids()).toEqual(expect.arrayContaining([unused, shown]))
    world.clock.aheadMs = 8 * 24 * 60 * minute
    expect(await forgetUnused(world.parts)).toBeGreaterThan(0)
    expect(await ids()).toEqual([shown])
  } finally {
    world.clock.aheadMs = 0
  }
})
