// Statements of a client: workbooks are brought in, a row is matched, a broken rule is shown where
// it is, corrected with a cause, reviewed by a second person; the accuracy moves with it.

import assert from 'node:assert/strict'
import { journey, signIn } from '../heng.mjs'

/** A balance sheet of 小企业会计准则 with what somebody wrote into 流动资产合计. */
function balanceSheet(day, current, opening) {
  const rows = [
    ['资产负债表'],
    ['编制单位：示例', '', day, '', '', '单位：元'],
    ['资产', '期末余额', '年初余额', '负债和所有者权益', '期末余额', '年初余额'],
    ['流动资产：', '', '', '流动负债：', '', ''],
    ['货币资金', '499000.00', opening.cash, '短期借款', '', ''],
    ['短期投资', '', '', '应付票据', '', ''],
    ['应收票据', '', '', '应付账款', '250000.00', '250000.00'],
    ['应收账款', '200000.00', '200000.00', '预收账款', '', ''],
    ['预付账款', '', '', '应付职工薪酬', '', ''],
    ['存货', '300000.00', '300000.00', '应交税费', '50000.00', '50000.00'],
    ['示例往来垫款', '1000.00', '', '应付利润', '', ''],
    ['其他流动资产', '', '', '流动负债合计', '300000.00', '300000.00'],
    ['流动资产合计', current, opening.current, '非流动负债：', '', ''],
    ['非流动资产：', '', '', '长期借款', '', ''],
    ['固定资产原价', '400000.00', '400000.00', '非流动负债合计', '', ''],
    ['减：累计折旧', '100000.00', '100000.00', '负债合计', '300000.00', '300000.00'],
    ['固定资产账面价值', '300000.00', '300000.00', '所有者权益：', '', ''],
    ['非流动资产合计', '300000.00', '300000.00', '实收资本（或股本）', '800000.00', '800000.00'],
    ['', '', '', '未分配利润', '200000.00', opening.retained],
    ['', '', '', '所有者权益（或股东权益）合计', '1000000.00', opening.equity],
    ['资产总计', '1300000.00', opening.total, '负债和所有者权益（或股东权益）总计', '1300000.00',
      opening.total],
  ]
  return Buffer.from('\ufeff' + rows.map((row) => row.join(',')).join('\r\n'))
}

/** What the year began with: 38,000 yuan of profit less. */
const OPENING = {
  cash: '462000.00',
  current: '962000.00',
  retained: '162000.00',
  equity: '962000.00',
  total: '1262000.00',
}

const INCOME = [
  '利润表',
  '编制单位：示例,2026年4月,单位：元',
  '项目,本期金额,本年累计金额',
  '一、营业收入,120000.00,480000.00',
  '减：营业成本,80000.00,320000.00',
  '税金及附加,1000.00,4000.00',
  '销售费用,9000.00,36000.00',
  '管理费用,20000.00,80000.00',
  '财务费用,0.00,0.00',
  '二、营业利润,10000.00,40000.00',
  '三、利润总额,10000.00,40000.00',
  '减：所得税费用,500.00,2000.00',
  '四、净利润,9500.00,38000.00',
].join('\r\n')

const csv = (name, buffer) => ({ name, mimeType: 'text/csv', buffer })

journey(
  'figures are imported, checked, corrected and reviewed',
  async ({ heng, page, person, look, lookTwice, part }) => {
    const accuracy = async (own) => {
      const told = await (await own.request.get('/api/statements/accuracy')).json()
      return [told.right, told.submitted]
    }
    const openTab = async (own, id) => {
      await own.goto(`/clients/${id}?tab=financial`)
      await own.getByRole('button', { name: '导入工作簿' }).waitFor()
    }
    let client
    let before
    let reviewer

    await part('a clerk sees what to do where there is nothing yet', async () => {
      await signIn(page, heng.login('xu.suanpan'))
      const { items } = await (await page.request.get('/api/clients?limit=20')).json()
      for (const one of items) {
        const sets = await (await page.request.get(`/api/clients/${one.id}/statements`)).json()
        if (sets.items.length === 0) client = one
      }
      assert.ok(client, 'every client has statements already')
      before = await accuracy(page)
      await openTab(page, client.id)
      await page.getByText('还没有报表或申报表').waitFor()
      await lookTwice(page, 'nothing-yet')
    })

    await part('two workbooks are read, and nothing is saved before it is confirmed', async () => {
      await page.getByRole('button', { name: '导入工作簿' }).click()
      await page.locator('input[type=file]').setInputFiles([
        csv('利润表 2026-04.csv', Buffer.from('\ufeff' + INCOME)),
        csv('资产负债表 2026-04.csv', balanceSheet('2026年4月30日', '1000900.00', OPENING)),
      ])
      await page.getByText('1 行没有匹配到项目').waitFor()
      await page.getByText('已匹配 10 行').waitFor()
      await lookTwice(page, 'preview')
      const sets = await page.request.get(`/api/clients/${client.id}/statements`)
      assert.deepEqual((await sets.json()).items, [])
      const row = page.getByLabel('“示例往来垫款”对应的项目')
      await row.click()
      await row.fill('其他应收款')
      await page.keyboard.press('Enter')
      await page.getByRole('button', { name: '确认并保存' }).click()
      await page.getByRole('heading', { name: '已保存 1 套' }).waitFor()
      await page.getByText('流动资产合计').first().waitFor()
      await lookTwice(page, 'saved')
    })

    await part('the broken rule is shown where it is', async () => {
      await page.getByRole('link', { name: '财务报表 2026-04' }).click()
      const panel = page.getByRole('region', { name: '勾稽结果' })
      await panel.getByText('差 900.00', { exact: true }).waitFor()
      const cell = page.locator('#cell-balance_sheet-closing-15')
      assert.equal(await cell.getAttribute('data-mark'), 'error')
      await panel.getByRole('button', { name: '流动资产合计' }).first().click()
      await page.locator('#cell-balance_sheet-closing-15[data-focus]').waitFor()
      await lookTwice(page, 'broken')
      await page.goto('/statements/outcomes')
      await page.getByRole('link', { name: 'BS-03 流动资产合计' }).first().waitFor()
      await lookTwice(page, 'data-check')
    })

    await part('the first submission counts as wrong', async () => {
      await page.goto(`/clients/${client.id}/statements/FS/2026-04`)
      await page.getByRole('button', { name: '提交', exact: true }).click()
      await page.getByText('已提交，等待他人复核').waitFor()
      assert.deepEqual(await accuracy(page), [before[0], before[1] + 1])
      const review = page.getByRole('button', { name: '复核', exact: true })
      assert.ok(await review.isDisabled(), 'nobody reviews their own work')
    })

    await part('it is corrected by hand, with a cause', async () => {
      await page.getByRole('button', { name: '更正' }).click()
      const save = page.getByRole('button', { name: '保存' })
      await page.getByRole('button', { name: '应为 1,000,000.00' }).click()
      assert.ok(await save.isDisabled(), 'a correction without a cause')
      await page.getByLabel('更正原因').click()
      await page.getByTitle('本机构').click()
      await page.getByLabel('说明').fill('合计抄错')
      await lookTwice(page, 'correcting')
      await save.click()
      await page.getByRole('heading', { name: '财务报表 2026-04' }).waitFor()
      const marked = page.locator('[data-mark="error"]')
      await marked.first().waitFor({ state: 'detached' })
      assert.deepEqual(await accuracy(page), [before[0], before[1] + 1], 'it stays as it was')
      await page.getByRole('button', { name: '版本记录' }).click()
      const latest = page.getByRole('row').filter({ hasText: '本机构' })
      await latest.getByRole('button').click()
      await page.getByText('15 流动资产合计').last().waitFor()
      await look(page, 'revisions')
      await page.keyboard.press('Escape')
    })

    await part('a second person reviews and approves it', async () => {
      reviewer = await person()
      await signIn(reviewer, heng.login('chen.fuhe'))
      await reviewer.goto(`/clients/${client.id}/statements/FS/2026-04`)
      await reviewer.getByRole('button', { name: '复核', exact: true }).click()
      await reviewer.getByText('已复核', { exact: true }).last().waitFor()
      await reviewer.getByRole('button', { name: '批准', exact: true }).click()
      await reviewer.getByText('已批准并锁定').waitFor()
      await lookTwice(reviewer, 'approved')
    })

    await part('the match is remembered, and a right submission moves the accuracy', async () => {
      await openTab(page, client.id)
      await page.getByRole('button', { name: '导入工作簿' }).click()
      await page.locator('input[type=file]').setInputFiles([
        csv('资产负债表 2026-05.csv', balanceSheet('2026年5月31日', '1000000.00', OPENING)),
      ])
      await page.getByText('已匹配').click()
      await page.getByText('已记住').waitFor()
      await page.getByRole('button', { name: '确认并保存' }).click()
      await page.getByRole('link', { name: '财务报表 2026-05' }).click()
      await page.getByRole('button', { name: '提交', exact: true }).click()
      await page.getByText('已提交，等待他人复核').waitFor()
      assert.deepEqual(await accuracy(page), [before[0] + 1, before[1] + 2])
      await page.goto('/statements/accuracy')
      await page.getByRole('heading', { name: '首次提交明细' }).waitFor()
      await lookTwice(page, 'accuracy')
      await openTab(page, client.id)
      await page.getByRole('link', { name: '财务报表 2026-05' }).waitFor()
      await lookTwice(page, 'grid')
    })
  },
  { sample: true },
)
