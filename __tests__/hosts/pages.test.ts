/** Every page of the product opens on both hosts, also when nothing answers. */
import fs from 'node:fs'
import path from 'node:path'
import { BUILD_MS, builtFront } from './build.ts'
import { openApp } from './openApp.ts'
import { type AppConfig, readAppConfig } from './shell.ts'

describe.each(['weapp', 'alipay'] as const)('%s', (host) => {
  let dist: string
  let config: AppConfig

  beforeAll(async () => {
    dist = await builtFront(host)
    config = readAppConfig(dist)
  }, BUILD_MS)

  test('every page shows something without a network, and nothing breaks', async () => {
    const routes = [
      ...config.pages,
      ...(config.subPackages ?? []).flatMap(({ root, pages }) =>
        pages.map((page) => path.posix.join(root, page)),
      ),
    ]
    expect(routes).toContain('pages/home/index')
    const phone = await openApp({ host, dist, api: 'http://127.0.0.1:1' })
    for (const route of routes) {
      await phone.kill(`${route}?id=0197a000-0000-7000-8000-000000000000`)
      phone.network(false)
      await phone.drawn()
      expect(phone.errors()).toEqual([])
    }
    phone.close()
  }, 60_000)

  test('every tab has its pictures in the package', () => {
    const tabBar = JSON.parse(fs.readFileSync(path.join(dist, 'app.json'), 'utf8')).tabBar
    const pictures: string[] = (tabBar.list ?? tabBar.items).flatMap(
      (tab: Record<string, string>) => [
        tab.iconPath ?? tab.icon,
        tab.selectedIconPath ?? tab.activeIcon,
      ],
    )
    expect(pictures).toHaveLength(6)
    for (const picture of pictures) expect(fs.existsSync(path.join(dist, picture))).toBe(true)
  })
})
