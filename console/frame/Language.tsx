import { App } from 'antd'
import { useCallback } from 'react'
import { type Language, language, speak } from '../english/language.ts'

/** The other language, as its own speakers call it. @chinese */
export const other: { language: Language; name: string } =
  language === 'en' ? { language: 'zh', name: '中文' } : { language: 'en', name: 'English' }

/** Switches the language. The page loads anew: where something may be half typed, asks before. */
export function useSwitchLanguage(): () => void {
  const { modal } = App.useApp()
  return useCallback(() => {
    const go = () => speak(other.language)
    if (!document.querySelector('.page form')) return go()
    modal.confirm({
      title: '切换语言会重新加载页面',
      content: '还没有保存的内容会丢失，请先保存',
      okText: '仍要切换',
      cancelText: '取消',
      onOk: go,
    })
  }, [modal])
}
