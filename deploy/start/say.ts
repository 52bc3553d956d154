/** One line on the terminal. */
export const say = (sentence: string) => console.log(`  ${sentence}`)

/** Tells that a step is done and how long it took; beyond two seconds also that it goes on. */
export async function step<T>(title: string, work: Promise<T>): Promise<T> {
  const started = performance.now()
  const seconds = () => (performance.now() - started) / 1000
  const first = setTimeout(() => console.log(`… ${title}`), 2000)
  const again = setInterval(() => console.log(`… ${title}  ${seconds().toFixed(0)} 秒`), 20_000)
  try {
    const value = await work
    console.log(`✓ ${title}  ${seconds().toFixed(1)} 秒`)
    return value
  } finally {
    clearTimeout(first)
    clearInterval(again)
  }
}
