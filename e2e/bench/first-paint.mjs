// The first page after signing in, with a cold cache: when something is seen, and how much script
// came before it. Prints one line of JSON; `cargo xtask bench` runs it.

import { chromium } from 'playwright-core'
import { Heng, OFFICE, totp } from '../heng.mjs'

const ROUNDS = 5
const { BENCH_FOLDER, BENCH_NAME, BENCH_PASSWORD, BENCH_TOTP } = process.env

const heng = await Heng.start(BENCH_FOLDER)
const browser = await chromium.launch({
  executablePath: process.env.HENG_CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--no-first-run'],
})
try {
  const door = await browser.newContext({ baseURL: heng.address })
  const answer = await door.request.post('/api/session', {
    headers: { 'X-Heng-Csrf': '1' },
    data: { name: BENCH_NAME, password: BENCH_PASSWORD, totp: totp(BENCH_TOTP) },
  })
  if (!answer.ok()) throw new Error(`${answer.status()} ${await answer.text()}`)
  const storageState = await door.storageState()
  const seen = []
  for (let round = 0; round < ROUNDS; round += 1) {
    // A new context has an empty cache.
    const context = await browser.newContext({
      baseURL: heng.address,
      viewport: OFFICE,
      locale: 'zh-CN',
      storageState,
    })
    const page = await context.newPage()
    await page.goto('/')
    await page.locator('h1, h2').first().waitFor()
    seen.push(
      await page.evaluate(async () => {
        // The text may be in the document before the first frame with it is painted.
        const paint = await new Promise((seen) => {
          new PerformanceObserver((list) => {
            const [entry] = list.getEntriesByName('first-contentful-paint')
            if (entry) seen(entry)
          }).observe({ type: 'paint', buffered: true })
        })
        const scripts = performance
          .getEntriesByType('resource')
          .filter(({ name, responseEnd }) => {
            return /\.js(\?|$)/.test(name) && responseEnd <= paint.startTime
          })
        const bytes = scripts.reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0)
        return { paint: paint.startTime, scripts: scripts.length, bytes }
      }),
    )
    await context.close()
  }
  seen.sort((a, b) => a.paint - b.paint)
  const middle = seen[Math.floor(ROUNDS / 2)]
  console.log(
    JSON.stringify({
      first_paint_ms: middle.paint,
      script_bytes: middle.bytes,
      scripts: middle.scripts,
      worst_ms: seen.at(-1).paint,
    }),
  )
} finally {
  await browser.close()
  await heng.stop()
}
