/** Cities of China and their districts, as addresses and map pickers name them. */
import { pcaTextArr } from 'element-china-area-data'

/** What the list calls the city of a municipality 直辖市, which is its own city. @chinese data */
const OWN_CITY = ['市辖区', '县']

/** City → its districts. A municipality's districts and counties are one list. */
export const districtsByCity: ReadonlyMap<string, string[]> = readCities()

function readCities(): Map<string, string[]> {
  const cities = new Map<string, string[]>()
  for (const province of pcaTextArr)
    for (const city of province.children ?? []) {
      const name = OWN_CITY.includes(city.label) ? province.label : city.label
      const districts = (city.children ?? []).map(({ label }) => label)
      cities.set(name, [...(cities.get(name) ?? []), ...districts])
    }
  return cities
}
