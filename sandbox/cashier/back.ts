/** The merchant's page to return to, when it is a web address; anything else is not followed. */
export function webAddress(text: unknown): string | undefined {
  if (typeof text !== 'string') return undefined
  const url = URL.parse(text)
  return url?.protocol === 'https:' || url?.protocol === 'http:' ? text : undefined
}

/** The outcome a cashier button or the headless host names; undefined when it is none of the three. */
export function outcomeOf(value: unknown): 'pay' | 'cancel' | 'fail' | undefined {
  return value === 'pay' || value === 'cancel' || value === 'fail' ? value : undefined
}
