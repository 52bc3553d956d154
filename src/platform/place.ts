import type { ChoosePlace } from './types.ts'

/** Browsers have no map of their own, but most know where they are. */
export const placeWords = '用我现在的位置'

const PATIENCE_MS = 15_000
/** A position a minute old is where the person is. */
const FRESH_MS = 60_000

/** The browser's position, by the coordinates of Chinese maps. */
export const choosePlace: ChoosePlace = async () => {
  const where = await position()
  if (where === 'denied') return where
  // Satellites speak WGS-84; maps of China are shifted by up to 700 m (GCJ-02).
  const { default: gcoord } = await import('gcoord')
  const { longitude, latitude } = where
  const [x, y] = gcoord.transform([longitude, latitude], gcoord.WGS84, gcoord.GCJ02)
  return { name: '', address: '', latitude: y, longitude: x }
}

function position(): Promise<{ latitude: number; longitude: number } | 'denied'> {
  return new Promise((resolve) => {
    if (!navigator.geolocation) return resolve('denied')
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => resolve(coords),
      () => resolve('denied'),
      { enableHighAccuracy: true, timeout: PATIENCE_MS, maximumAge: FRESH_MS },
    )
  })
}
