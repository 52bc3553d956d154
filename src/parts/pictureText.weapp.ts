/** A mini-program reads a picture out by its label; one that only decorates has none. */
export const pictureText = (alt: string) => (alt === '' ? {} : { 'aria-label': alt, role: 'img' })
