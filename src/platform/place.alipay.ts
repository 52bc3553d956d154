import type { ChoosePlace } from './types.ts'

export const placeWords = '在地图上选择'

/** The person closed the map. */
const CLOSED = 11

/** my.chooseLocation. */
export const choosePlace: ChoosePlace = () =>
  new Promise((resolve) => {
    my.chooseLocation({
      // Degrees come as text on some phones.
      success: ({ name, address, latitude, longitude }) =>
        resolve({ name, address, latitude: Number(latitude), longitude: Number(longitude) }),
      fail: ({ error }) => resolve(error === CLOSED ? null : 'denied'),
    })
  })
