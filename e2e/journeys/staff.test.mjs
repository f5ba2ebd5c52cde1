// A new colleague: one administrator makes the account, another grants and approves the link, the
// person sets the password, turns on the second factor and comes in.

import assert from 'node:assert/strict'
import { journey, signIn, totp } from '../heng.mjs'

const NEW = { name: 'mo.xinren', display: '示例·莫新人', password: 'Qing-he-2026-mo!' }

journey(
  'a new colleague: account, grant, password, sign-in',
  async ({ heng, page, person, look, lookTwice, part }) => {
    const colleague = await person()
    let link = ''

    await part('the system administrator makes the account and gets a link', async () => {
      await signIn(page, heng.login('gu.xitong'))
      await page.getByRole('link', { name: '人员与权限' }).click()
      await page.getByRole('row').filter({ hasText: 'gu.xitong' }).waitFor()
      await lookTwice(page, 'people')
      await page.getByRole('button', { name: '新建人员' }).click()
      await page.getByLabel('姓名').fill(NEW.display)
      await page.getByLabel('登录账号').fill(NEW.name)
      await lookTwice(page, 'new-person')
      await page.getByLabel('部门').click()
      await page.locator('.ant-select-item-option').filter({ hasText: '代理记账一部' }).click()
      await page.getByRole('button', { name: '保存' }).click()
      const dialog = page.getByRole('dialog').filter({ hasText: '关闭后不会再次显示' })
      await dialog.waitFor()
      link = (await dialog.locator('.heng-code').first().innerText()).trim()
      assert.match(link, /\/reset\?token=\S+$/)
      await lookTwice(page, 'link')
      await dialog.getByRole('button', { name: '我已保存' }).click()
      await dialog.waitFor({ state: 'hidden' })
      await page.getByRole('row').filter({ hasText: NEW.name }).waitFor()
    })

    await part('the security administrator grants role and clearance', async () => {
      const granting = await person()
      await signIn(granting, heng.login('an.shouquan'))
      await granting.getByRole('link', { name: '人员与权限' }).click()
      const row = granting.getByRole('row').filter({ hasText: NEW.name })
      await row.getByRole('button', { name: '编辑' }).click()
      await granting.getByLabel('角色').click()
      await granting.getByLabel('角色').fill('会计')
      await granting.keyboard.press('Enter')
      await granting.keyboard.press('Escape')
      await granting.getByText('3 级', { exact: true }).last().click()
      await look(granting, 'grant')
      await granting.getByRole('button', { name: '保存' }).click()
      await granting.getByText('已保存').waitFor()
      await row.getByText('会计').waitFor()
      await row.getByText('3 级').waitFor()
      // The link was made before the clearance: it waits for a second person.
      await row.getByText('重置待批准').waitFor()
      await lookTwice(granting, 'reset-waits')
      await colleague.goto(link)
      await colleague.getByRole('heading', { name: '无法继续' }).waitFor()
      await row.getByRole('button', { name: '批准重置' }).click()
      await granting.getByRole('dialog').getByRole('button', { name: '批准重置' }).click()
      await row.getByText('重置待批准').waitFor({ state: 'hidden' })
      await row.getByRole('button', { name: '权限' }).click()
      await granting.getByText(`${NEW.display} 能看到什么，为什么`).waitFor()
      // The question is the last of the list: may an accountant rotate the keys?
      await granting.getByRole('combobox', { name: '动作' }).click()
      await granting.keyboard.press('ArrowUp')
      await granting.keyboard.press('Enter')
      await granting.getByRole('button', { name: '判断' }).click()
      await granting.getByText('判断时的事实').waitFor()
      await granting.getByText('不允许', { exact: true }).waitFor()
      await lookTwice(granting, 'explain')
      await granting.goto('/people?tab=roles')
      await lookTwice(granting, 'roles')
      await granting.goto('/people?tab=departments')
      await lookTwice(granting, 'departments')
    })

    await part('the person sets a password by the link, once', async () => {
      await colleague.goto(link)
      await look(colleague, 'set-password')
      const set = async (password, repeat) => {
        await colleague.locator('[name=password]').fill(password)
        await colleague.locator('[name=repeat]').fill(repeat)
        await colleague.getByRole('button', { name: /保存/ }).click()
      }
      await set('12345678', '12345678')
      await colleague.getByRole('alert').waitFor()
      await set(NEW.password, NEW.password)
      await colleague.getByRole('heading', { name: '密码已设置' }).waitFor()
      await look(colleague, 'password-set')
      await colleague.goto(link)
      await colleague.getByRole('heading', { name: '无法继续' }).waitFor()
    })

    await part('the person turns on the second factor and has no client yet', async () => {
      await signIn(colleague, NEW)
      await lookTwice(colleague, 'first-overview')
      assert.equal(await colleague.getByRole('link', { name: '客户档案' }).count(), 0)
      await colleague.goto('/security?tab=totp')
      await colleague.getByRole('button', { name: /启\s*用/ }).first().click()
      const secret = await colleague.locator('.heng-code').first().innerText()
      await colleague.getByLabel('6 位验证码').fill(totp(secret))
      await colleague.getByRole('button', { name: '确认启用' }).click()
      await colleague.getByText('请保存这些恢复码').waitFor()
      await colleague.goto('/')
      await colleague.getByRole('link', { name: '客户档案' }).first().click()
      await colleague.getByText('还没有客户').waitFor()
      await lookTwice(colleague, 'first-list')
    })
  },
  { sample: true },
)
