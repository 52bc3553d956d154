import { randomUUID } from 'node:crypto'
import type { World } from '../world.ts'
import { Refusal } from './refusal.ts'

/** A file that a payer sent with a complaint, base64. */
type Picture = { id: string; base64: string }

export const IMAGES = '/v3/merchant-service/images/'

/** Pictures of complaints, kept under addresses that only the merchant may ask. */
export function makePictures(world: World) {
  const table = world.store.table<Picture>('wechat.complaintPictures')
  return {
    /** Ids of what is kept. */
    keep: (files: readonly Buffer[]): string[] =>
      files.map((file) => {
        const id = `Chsy${randomUUID().replaceAll('-', '')}==`
        table.put({ id, base64: file.toString('base64') })
        return id
      }),
    fileOf(id: string): Buffer {
      const found = table.get(id)
      if (!found) throw new Refusal(400, 'PARAM_ERROR', '图片不存在')
      return Buffer.from(found.base64, 'base64')
    },
    /** As complaints and their steps name them. */
    media: (kind: 'USER_COMPLAINT_IMAGE' | 'OPERATION_IMAGE', ids: readonly string[]) => ({
      media_type: kind,
      media_url: ids.map((id) => `${world.url()}${IMAGES}${encodeURIComponent(id)}`),
    }),
  }
}
