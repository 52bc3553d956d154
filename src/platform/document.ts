import type { OpenDocument } from './types.ts'

/** A browser shows a PDF itself, or puts it among its downloads. */
export const openDocument: OpenDocument = async (path) => {
  // No new window: after an answer from the network Safari takes it for an unwanted one.
  window.location.assign(API_BASE + path)
  return true
}
