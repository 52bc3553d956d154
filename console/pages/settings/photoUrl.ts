/** What was sent from this page and is not published yet: the server shows it to nobody. */
const sent = new Map<string, string>()

/** The name of a photo just sent; `url` shows it meanwhile. */
export function rememberPhoto(id: string, url: string): string {
  const name = `services/${id}`
  sent.set(name, url)
  return name
}

export const photoUrl = (name: string, size: 'thumb' | 'large') =>
  sent.get(name) ?? `/photos/${name}.${size}.jpg`
