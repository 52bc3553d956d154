import { useNavigate } from 'react-router'
import { paths } from '../paths.ts'
import { useKeys } from '../useKeys.ts'

/** Marks the search box of a page: `<Input {...searchBox} />`. */
export const searchBox = { 'data-search': true } as const

/** `/` goes to the page's search box, or to the orders where there is one. */
export function useSlashSearches(): void {
  const navigate = useNavigate()
  useKeys({
    '/': () => {
      const box = document.querySelector<HTMLInputElement>('input[data-search]')
      if (box) box.select()
      else navigate(paths.orders(), { state: { search: true } })
    },
  })
}
