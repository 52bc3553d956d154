/**
 * Which language the console speaks. Sources are Chinese; English is a catalogue of its own file that
 * only those load who chose it. Chosen once per browser, and applied by loading the page anew: tables
 * of words are made when a module is first read.
 */
const storageKey = 'jiyue-console-language'

export type Language = 'zh' | 'en'

export const language: Language = localStorage.getItem(storageKey) === 'en' ? 'en' : 'zh'

/** English by the Chinese text; null while Chinese is spoken, or where the file could not be had. */
export const catalogue: Readonly<Record<string, string>> | null =
  language === 'en' ? await load() : null

/** Speaks `next` from now on. */
export function speak(next: Language): void {
  localStorage.setItem(storageKey, next)
  location.reload()
}

async function load() {
  try {
    return (await import('./en.json')).default
  } catch (error) {
    // A console in Chinese is of more use than none.
    console.error('The English texts did not load', error)
    return null
  }
}
