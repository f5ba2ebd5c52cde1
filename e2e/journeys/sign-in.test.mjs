// The sign-in page: what every person sees first.

import assert from 'node:assert/strict'
import { PHONE, journey } from '../heng.mjs'

journey('a visitor is asked to sign in, in Chinese or English', async ({ page, look }) => {
  await page.goto('/login')
  await page.getByLabel('账号').waitFor()
  await page.getByLabel('密码').waitFor()
  await look(page, 'chinese')
  await page.getByRole('button', { name: 'English' }).click()
  await page.getByRole('button', { name: 'Sign in' }).waitFor()
  await look(page, 'english')
})

journey('the sign-in page fits a phone', async ({ person, look }) => {
  const page = await person({ viewport: PHONE })
  await page.goto('/login')
  await page.getByLabel('账号').waitFor()
  const wider = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth)
  assert.equal(wider, false, 'the page scrolls sideways')
  await look(page, 'phone')
})
