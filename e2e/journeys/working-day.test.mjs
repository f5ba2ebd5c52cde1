// A working day: a list of clients is brought in, one is found, opened and changed, and the
// auditor sees all of it.

import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { journey, signIn } from '../heng.mjs'

const beside = fileURLToPath(new URL('../../../shared/data', import.meta.url))
const register = join(process.env.HENG_REAL_DATA ?? beside, 'enterprises/register_20k.csv')

/** A 统一社会信用代码 with the check character of GB 32100 for 17 characters. */
function withCheck(head) {
  const alphabet = '0123456789ABCDEFGHJKLMNPQRTUWXY'
  const sum = [...head].reduce((all, one, at) => all + alphabet.indexOf(one) * (3 ** at % 31), 0)
  return head + alphabet[(31 - (sum % 31)) % 31]
}

/** The organisation code inside, with the check character of GB 11714. */
function organisation(eight) {
  const weights = [3, 7, 9, 10, 5, 8, 4, 2]
  const sum = [...eight].reduce((all, one, at) => all + parseInt(one, 36) * weights[at], 0)
  const left = 11 - (sum % 11)
  return eight + (left === 10 ? 'X' : left === 11 ? '0' : String(left))
}

const code = (number) => withCheck('91110105' + organisation(String(number).padStart(8, '0')))

/** The client of this journey; its name cannot be that of a real one. */
const OURS = { name: '示例青禾纺织有限公司（旅程）', initials: 'slqhfz', uscc: code('73500001') }

const HEADER =
  '企业名称,统一社会信用代码,注册日期,企业类型,法人代表,注册资金,经营范围,所在省份,地区,注册地址'
const TAIL = '2016-05-04,有限责任公司,王示例,200(万元人民币),纺织品销售,北京,北京,北京市示例路1号'

/** A list as firms have it: real rows where the data is at hand, else invented ones; some bad. */
function workbook() {
  const row = (at, uscc) => `示例麦浪贸易有限公司（旅程${at}）,${uscc},${TAIL}`
  const real = existsSync(register)
    ? readFileSync(register, 'utf8').split('\n').slice(0, 60)
    : [HEADER, ...Array.from({ length: 59 }, (_, at) => row(at, code(73600000 + at)))]
  return [
    ...real,
    `${OURS.name},${OURS.uscc},${TAIL}`,
    row('旧号', '110105012345678'),
    row('错位', code(73700000).replace(/.$/, (last) => (last === '0' ? '1' : '0'))),
    row('重复', OURS.uscc),
  ]
}

/** The numbers on the cards of an import. */
async function counts(page) {
  const cards = page.locator('.heng-card')
  const texts = await cards.evaluateAll((all) => all.map((card) => card.innerText.split('\n')))
  return Object.fromEntries(texts.map(([word, n]) => [word, Number(n.replace(/,/g, ''))]))
}

async function openBySearch(page, text, name) {
  await page.keyboard.press('Control+k')
  await page.getByRole('combobox', { name: '搜索客户或页面' }).fill(text)
  const hit = page.getByRole('option').filter({ hasText: name }).filter({ hasNotText: '列表中' })
  await hit.first().waitFor()
  return hit.first()
}

journey(
  'a working day: import, find, open, edit, and the auditor sees it',
  async ({ heng, page, person, look, lookTwice, part }) => {
    const folder = mkdtempSync(join(tmpdir(), 'heng-rows-'))
    const lines = workbook()
    const rows = lines.length - 1
    const principal = heng.login('lin.zhangduo')
    const total = page.getByText(/^共 [\d,]+ 条$/)
    let before = 0

    try {
      await part('the principal signs in with password and code', async () => {
        await signIn(page, principal)
        await page.getByText('客户总数').waitFor()
        await lookTwice(page, 'overview')
        await page.getByRole('link', { name: '客户档案' }).click()
        before = Number((await total.innerText()).replace(/\D/g, ''))
        assert.equal(before, 300)
      })

      await part('the rows of a file are matched, checked and imported', async () => {
        const file = join(folder, '客户名单.csv')
        writeFileSync(file, lines.join('\n'))
        await page.getByRole('link', { name: '导入', exact: true }).click()
        await page.getByText('还没有导入过').waitFor()
        await lookTwice(page, 'imports')
        await page.locator('input[type=file]').setInputFiles(file)
        await page.getByText(`共 ${rows} 行、10 列`).waitFor()
        await lookTwice(page, 'match')
        await page.getByRole('button', { name: '开始校验' }).click()
        await page.getByRole('button', { name: /^导入 \d+ 行$/ }).waitFor()
        await lookTwice(page, 'checked')
        const planned = await counts(page)
        await page.getByRole('button', { name: /^导入 \d+ 行$/ }).click()
        await page.getByText('导入完成').waitFor()
        await page.getByText('15 位旧注册号，不是信用代码').waitFor()
        await lookTwice(page, 'imported')
        const done = await counts(page)
        const { 行数: all, 新建: made, 更新: changed, 无变化: same, 拒绝: no, 重复: twice } = done
        assert.equal(all, rows)
        assert.equal(made + changed + same + no + twice, rows)
        assert.equal(made, planned['将新建'], 'what the check promised')
        assert.ok(made > rows / 2, `only ${made} of ${rows} rows were good`)
        assert.ok(no >= 2 && twice >= 1, 'the old number, the wrong check, the repeated code')
        if (!existsSync(register)) assert.deepEqual([made, no, twice], [60, 2, 1])
        await page.getByRole('link', { name: '客户档案' }).click()
        await page.getByText(`共 ${before + made} 条`).waitFor()
        await lookTwice(page, 'list')
      })

      await part('a client is found by a part of its name and by its initials', async () => {
        const part = await openBySearch(page, OURS.name.slice(2, 6), OURS.name)
        await look(page, 'search')
        await page.keyboard.press('Escape')
        await part.waitFor({ state: 'hidden' })
        const initials = await openBySearch(page, OURS.initials, OURS.name)
        await initials.click()
        await page.getByRole('heading', { level: 1, name: OURS.name }).waitFor()
        await lookTwice(page, 'client')
      })

      await part('a field is changed for a reason, and the version says so', async () => {
        await page.getByRole('tab', { name: '基础信息' }).click()
        await page.getByRole('button', { name: '编辑' }).first().click()
        await page.getByLabel('简称').fill('青禾纺织')
        await lookTwice(page, 'edit')
        await page.getByRole('button', { name: '保存' }).click()
        await page.getByText('请说明变更原因').waitFor()
        await page.getByLabel('变更原因').fill('按营业执照补充')
        await page.getByRole('button', { name: '保存' }).click()
        await page.getByText('已保存').waitFor()
        await page.getByRole('tab', { name: '版本' }).click()
        const change = page.getByRole('row').filter({ hasText: '青禾纺织' }).first()
        await change.waitFor()
        const cells = await change.getByRole('cell').allInnerTexts()
        assert.deepEqual(cells, ['简称', '（空）', '青禾纺织'])
        await page.getByText('按营业执照补充').waitFor()
        await lookTwice(page, 'versions')
      })

      await part('the record of the client shows who viewed it', async () => {
        await page.getByRole('tab', { name: '访问记录' }).click()
        const viewed = page.getByRole('row').filter({ hasText: '查看客户' }).first()
        await viewed.waitFor()
        assert.match(await viewed.innerText(), new RegExp(principal.display))
        await lookTwice(page, 'viewers')
      })

      await part('the auditor filters the record and finds it whole', async () => {
        const auditor = await person()
        await signIn(auditor, heng.login('shen.shenyan'))
        await auditor.getByRole('link', { name: '审计日志' }).click()
        await auditor.getByRole('combobox', { name: '动作' }).click()
        await auditor.getByRole('combobox', { name: '动作' }).fill('修改客户')
        await auditor.keyboard.press('Enter')
        await auditor.waitForURL(/action=client\.update/)
        const rows = auditor.locator('tr[data-row-key]')
        await rows.filter({ hasNotText: '修改客户' }).first().waitFor({ state: 'detached' })
        await rows.filter({ hasText: principal.display }).first().waitFor()
        await lookTwice(auditor, 'record')
        await auditor.getByRole('button', { name: '校验日志完整性' }).click()
        await auditor.getByText('日志完整，未发现改动').waitFor()
        await lookTwice(auditor, 'verified')
      })
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  },
  { sample: true },
)
