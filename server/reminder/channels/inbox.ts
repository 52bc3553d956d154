import { after } from '../../db/tx.ts'
import { channel } from './channel.ts'

/** Our own pages: always there, and shown at once on every open one. */
export const inbox = channel<never>({
  name: 'inbox',
  async open(t, { bus }, { id, userId, text, path, now }) {
    await t
      .updateTable('reminders')
      .set({ text, path, told_at: now })
      .where('id', '=', id)
      .execute()
    after(t, () => bus.changed({ topics: [`inbox:${userId}`] }))
    return 'delivered'
  },
  send: () => Promise.resolve('sent'),
})
