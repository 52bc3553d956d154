/** One line on the terminal. */
export const say = (sentence: string) => console.log(`  ${sentence}`)

/** Tells that a step is done and how long it took; beyond two seconds also that it is under way. */
export async function step<T>(title: string, work: Promise<T>): Promise<T> {
  const started = performance.now()
  const timer = setTimeout(() => console.log(`… ${title}`), 2000)
  try {
    const value = await work
    console.log(`✓ ${title}  ${((performance.now() - started) / 1000).toFixed(1)} 秒`)
    return value
  } finally {
    clearTimeout(timer)
  }
}
