// A clerk: sees the own clients and nobody else's, and stays out as soon as the session is ended.

import assert from 'node:assert/strict'
import { journey, signIn } from '../heng.mjs'

/** Every client that a person's list holds, page by page. */
async function reach(page) {
  const found = []
  let cursor = ''
  do {
    const answer = await page.request.get(`/api/clients?limit=100${cursor}`)
    const { items, next } = await answer.json()
    found.push(...items)
    cursor = next && `&cursor=${encodeURIComponent(next)}`
  } while (cursor)
  return found
}

/** A client of the list with a mobile number that may be shown, and its masked form. */
async function masked(page, clients) {
  for (const { id } of clients) {
    const answer = await page.request.get(`/api/clients/${id}`)
    const { name, lists } = await answer.json()
    const mobile = lists.contacts?.[0]?.fields.mobile
    if (mobile?.masked && mobile.revealable) return { id, name, mobile: mobile.value }
  }
  assert.fail('no client has a masked number')
}

journey(
  'a clerk works on the own clients only',
  async ({ heng, page, person, look, lookTwice, part }) => {
    const clerk = heng.login('xu.suanpan')
    let own = []
    let foreign = null
    let admin = null

    await part('the list holds the own clients and no other', async () => {
      const principal = await person()
      await signIn(principal, heng.login('lin.zhangduo'))
      await page.clock.install()
      await signIn(page, clerk)
      own = await reach(page)
      const mine = new Set(own.map(({ id }) => id))
      foreign = (await reach(principal)).find(({ id, lead }) => lead && !mine.has(id))
      assert.ok(own.length > 0 && foreign)
      await page.getByRole('link', { name: '客户档案' }).click()
      await page.getByText(`共 ${own.length} 条`).waitFor()
      const rows = page.locator('tr[data-row-key]')
      const shown = await rows.evaluateAll((all) => all.map((row) => row.innerText))
      assert.equal(shown.length, Math.min(50, own.length))
      for (const row of shown) assert.ok(row.includes(clerk.display), row)
      await lookTwice(page, 'own-list')
    })

    await part('the search finds own clients and no other', async () => {
      const field = page.getByRole('combobox', { name: '搜索客户或页面' })
      await page.keyboard.press('Control+k')
      await field.fill(own[0].code)
      await page.getByRole('option').filter({ hasText: own[0].name }).waitFor()
      const answered = page.waitForResponse((r) => r.url().includes(`q=${foreign.code}`))
      await field.fill(foreign.code)
      assert.deepEqual((await (await answered).json()).clients, [])
      await page.getByRole('option').filter({ hasText: own[0].name }).waitFor({ state: 'hidden' })
      assert.equal(await page.getByRole('option').filter({ hasText: foreign.name }).count(), 0)
      await look(page, 'search-without-the-other')
      await page.keyboard.press('Escape')
    })

    await part('the address of another client shows the page for nothing', async () => {
      const [answer] = await Promise.all([
        page.waitForResponse((r) => r.url().endsWith(`/api/clients/${foreign.id}`)),
        page.goto(`/clients/${foreign.id}`),
      ])
      assert.equal(answer.status(), 404)
      await page.getByRole('heading', { name: '找不到此内容' }).waitFor()
      assert.equal(await page.getByText(foreign.name).count(), 0)
      await lookTwice(page, 'not-found')
    })

    await part('a page without the right says which right is missing', async () => {
      for (const [path, right] of [['/settings', 'setting.list'], ['/record', 'record.list']]) {
        await page.goto(path)
        await page.getByRole('heading', { name: '没有权限' }).waitFor()
        await page.getByText(right).waitFor()
        await lookTwice(page, `forbidden-${right}`)
      }
    })

    await part('a masked number is shown for a purpose and hides by itself', async () => {
      const { id, name, mobile } = await masked(page, own)
      await page.goto(`/clients/${id}?tab=basic`)
      await page.getByRole('heading', { level: 1, name }).waitFor()
      await lookTwice(page, 'masked')
      // The ID number may be compared by this role, never shown.
      await page.getByRole('button', { name: '核验' }).waitFor()
      assert.equal(await page.getByRole('button', { name: /^查看 法定代表人/ }).count(), 0)
      const show = page.getByRole('button', { name: /^查看 手机/ }).first()
      await show.click()
      const dialog = page.getByRole('dialog')
      assert.equal(await dialog.getByRole('button', { name: '查看' }).isDisabled(), true)
      await dialog.getByText('客户来电核实').click()
      await lookTwice(page, 'purpose')
      await dialog.getByRole('button', { name: '查看' }).click()
      const timer = page.getByRole('timer')
      const start = parseInt(await timer.innerText(), 10)
      const value = await timer.locator('xpath=preceding-sibling::*[1]').innerText()
      assert.match(value, /^\d{11}$/)
      assert.ok(value.startsWith(mobile.slice(0, 3)) && value.endsWith(mobile.slice(-4)))
      await dialog.waitFor({ state: 'hidden' })
      await look(page, 'shown')
      await page.clock.runFor(5_000)
      assert.ok(parseInt(await timer.innerText(), 10) <= start - 5, 'it counts down')
      await page.clock.runFor(60_000)
      await timer.waitFor({ state: 'hidden' })
      assert.equal(await page.getByText(value).count(), 0)
      await page.getByText(mobile).first().waitFor()
    })

    await part('the administrator ends the session', async () => {
      admin = await person()
      await signIn(admin, heng.login('gu.xitong'))
      await admin.getByRole('link', { name: '安全', exact: true }).click()
      await admin.getByText('全部人员').click()
      const row = admin.getByRole('row').filter({ hasText: clerk.display })
      await row.waitFor()
      await lookTwice(admin, 'sessions')
      await row.getByRole('button', { name: '结束' }).click()
      await admin.getByRole('dialog').getByRole('button', { name: '结束' }).click()
      await row.waitFor({ state: 'detached' })
    })

    await part('the next click of the clerk lands on the sign-in page', async () => {
      await page.getByRole('link', { name: '客户档案' }).first().click()
      await page.waitForURL(/\/login\?next=/)
      await page.getByLabel('账号').waitFor()
    })
  },
  { sample: true },
)
