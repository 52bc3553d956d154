import { useAct } from '../../acting.ts'
import { queries } from '../../asking.ts'

type About = Parameters<typeof useAct<'putServiceSettings'>>[1]

/** Changing a service: whatever shows it reads again. */
export function usePutService(about: About = {}) {
  return useAct('putServiceSettings', {
    ...about,
    done: () => void queries.invalidateQueries(),
  })
}
