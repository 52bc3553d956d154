import { LoadingOutlined } from '@ant-design/icons'
import { QueryClientProvider } from '@tanstack/react-query'
import { App, ConfigProvider } from 'antd'
import enUS from 'antd/locale/en_US'
import zhCN from 'antd/locale/zh_CN'
import dayjs from 'dayjs'
import 'dayjs/locale/zh-cn'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { RouterProvider } from 'react-router/dom'
import { queries } from './asking.ts'
import { language } from './english/language.ts'
import { router } from './routes.tsx'
import { followOtherTabs, useSession } from './session.ts'
import { theme } from './theme.ts'
import './console.scss'

const inEnglish = language === 'en'
dayjs.locale(inEnglish ? 'en' : 'zh-cn')
document.documentElement.lang = inEnglish ? 'en' : 'zh-CN'
document.title = '即约 · 商家后台'
followOtherTabs()
// What one person read is not for the next.
useSession.subscribe((now, before) => {
  if (now.session?.token !== before.session?.token) queries.clear()
})
// A tab left open over a deployment asks for files that are gone: take the new ones.
window.addEventListener('vite:preloadError', () => location.reload())

/**
 * What a button at work shows. Ant Design's own slides out and waits for a transition's end that, after
 * a quick answer, may never come: unseen, it stayed part of the button's name.
 */
const Busy = () => <LoadingOutlined aria-label="处理中" />

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <ConfigProvider
      locale={inEnglish ? enUS : zhCN}
      theme={theme}
      button={{ autoInsertSpace: false, loadingIcon: <Busy /> }}
      form={{ requiredMark: false }}
    >
      <App message={{ maxCount: 3 }}>
        <QueryClientProvider client={queries}>
          <RouterProvider router={router} />
        </QueryClientProvider>
      </App>
    </ConfigProvider>
  </StrictMode>,
)
