import { useEffect } from 'react'
import { useNavigate } from 'react-router'
import { paths } from '../paths.ts'

/** Marks the search box of a page: `<Input {...searchBox} />`. */
export const searchBox = { 'data-search': true } as const

/** `/` goes to the page's search box, or to the orders where there is one. */
export function useSlashSearches(): void {
  const navigate = useNavigate()
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== '/' || event.ctrlKey || event.metaKey || isTyping(event.target)) return
      event.preventDefault()
      const box = document.querySelector<HTMLInputElement>('input[data-search]')
      if (box) box.select()
      else navigate(paths.orders(), { state: { search: true } })
    }
    document.addEventListener('keydown', onKey)
    return () => document.removeEventListener('keydown', onKey)
  }, [navigate])
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && target.closest('input, textarea, [contenteditable]') !== null
  )
}
