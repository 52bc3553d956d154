/** How news get from one process to all: the bus says what, a carrier brings it there. */

export interface Carrier {
  /** Brings texts, in order, to every process that listens, this one too. Throws when it could not. */
  send(texts: readonly string[]): Promise<void>
  /** Does it hear the others now? */
  stands(): boolean
  close(): Promise<void>
}

export interface Ears {
  heard(text: string): void
  /** The connection was lost and stands again: what was said in between was missed. */
  gap(): void
  report(error: Error): void
}
