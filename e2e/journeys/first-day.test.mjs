// The first day: set-up through the one-time link, the second factor, signing in with it.

import assert from 'node:assert/strict'
import { journey, totp } from '../heng.mjs'

const PEOPLE = [
  { office: 'sysadmin', name: 'lin', display: '林晓舟', role: 'principal' },
  { office: 'secadmin', name: 'zhao', display: '赵明远', role: '' },
  { office: 'auditor', name: 'sun', display: '孙静宜', role: '' },
]
const password = (name) => `Yun-ling-2026-${name}!`

async function setUp(heng, page, look) {
  assert.ok(heng.setup, 'a new store prints its set-up link')
  await page.goto(heng.setup)
  await look(page, 'set-up')
  await page.locator('[name=firm]').fill('示例云岭企业服务有限公司（演示）')
  await page.locator('[name=department]').fill('综合部')
  for (const { office, name, display, role } of PEOPLE) {
    await page.locator(`[name=${office}_name]`).fill(name)
    await page.locator(`[name=${office}_display]`).fill(display)
    await page.locator(`[name=${office}_password]`).fill(password(name))
    await page.locator(`[name=${office}_repeat]`).fill(password(name))
    await page.locator(`[name=${office}_role]`).selectOption(role)
  }
  await page.getByRole('button', { name: /下一步/ }).click()
  await page.getByRole('heading', { name: '主密钥恢复单' }).waitFor()
  await look(page, 'recovery-sheet')
  // The block without its small heading, as a person reads it off the paper.
  const last = await page.locator('.blocks li').last().evaluate((li) => li.lastChild.textContent)
  await page.locator('[name=block]').fill('0000000')
  await page.getByRole('button', { name: /完成设置/ }).click()
  await page.getByRole('alert').waitFor()
  await page.locator('[name=block]').fill(last.trim())
  await page.getByRole('button', { name: /完成设置/ }).click()
  await page.getByRole('heading', { name: '设置完成' }).waitFor()
}

async function signIn(page, name, code) {
  await page.goto('/login')
  await page.getByLabel('账号').fill(name)
  await page.getByLabel('密码').fill(password(name))
  await page.locator('button[type=submit]').click()
  if (code) {
    await page.getByLabel('动态验证码').fill(code())
    await page.locator('button[type=submit]').click()
  }
  await page.waitForURL((url) => !url.pathname.startsWith('/login'))
}

journey('the first day: set-up, second factor, overview', async ({ heng, page, person, look }) => {
  await setUp(heng, page, look)
  await page.goto(heng.setup)
  await page.getByRole('heading', { name: '无法继续' }).waitFor()

  await signIn(page, 'lin')
  await page.goto('/security?tab=totp')
  await page.getByRole('button', { name: /启\s*用/ }).first().click()
  const secret = (await page.locator('.heng-code').first().innerText()).replace(/\s/g, '')
  await page.getByLabel('6 位验证码').fill(totp(secret))
  await page.getByRole('button', { name: '确认启用' }).click()
  await page.getByText('请保存这些恢复码').waitFor()
  await look(page, 'recovery-codes')

  // A code works once: the next sign-in waits for the next code.
  const next = () => totp(secret, Date.now() + 30_000)
  const again = await person()
  await signIn(again, 'lin', next)
  await again.getByText('工作台').first().waitFor()
  await look(again, 'overview')
})
