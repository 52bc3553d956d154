import { SearchOutlined } from '@ant-design/icons'
import { Input } from 'antd'
import { useEffect, useRef, useState } from 'react'
import { useLocation } from 'react-router'
import { searchBox } from '../frame/useSlashSearches.ts'

const typingMs = 300

interface SearchTextProps {
  text: string
  change: (text?: string) => void
  label: string
  /** What may be typed. */
  hint: string
}

/** Searches when typing pauses; Enter at once; Esc clears. */
export function SearchText({ text, change, label, hint }: SearchTextProps) {
  const [typed, setTyped] = useState(text)
  const { state } = useLocation()
  const latest = useRef(change)
  latest.current = change
  // The URL changed without typing (Back, 清除筛选): the box follows.
  useEffect(() => setTyped((now) => (now.trim() === text ? now : text)), [text])
  useEffect(() => {
    if (typed.trim() === text) return
    const wait = setTimeout(() => latest.current(typed.trim() || undefined), typingMs)
    return () => clearTimeout(wait)
  }, [typed, text])
  return (
    <Input
      {...searchBox}
      allowClear
      autoFocus={(state as { search?: boolean } | null)?.search === true}
      aria-label={label}
      className="filters-text"
      prefix={<SearchOutlined />}
      suffix={typed ? null : <kbd>/</kbd>}
      placeholder={hint}
      maxLength={50}
      value={typed}
      onChange={({ target }) => setTyped(target.value)}
      onPressEnter={() => change(typed.trim() || undefined)}
      onKeyDown={(event) => event.key === 'Escape' && setTyped('')}
    />
  )
}
