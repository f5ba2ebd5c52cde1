/** Screenshots of every page at desk and phone size: `npm run look`, after `npm run build`. */
import { mkdirSync } from 'node:fs';
import { chromium } from 'playwright-core';
import { preview } from 'vite';

process.env.HENG_MOCK = '1';
const shots = process.env.SHOTS ?? '/tmp/heng-shots';
mkdirSync(shots, { recursive: true });
const server = await preview({ preview: { port: 4199, strictPort: true } });
const browser = await chromium.launch({
  executablePath: '/usr/bin/chromium',
  args: ['--no-sandbox', '--lang=zh-CN'],
});

const click = (name) => async (page) => page.getByRole('button', { name }).first().click();
const PAGES = [
  ['login', '/login'],
  ['overview', '/'],
  ['clients', '/clients'],
  ['drawer', '/clients?open=c2'],
  ['new', '/clients?new=1', async (page) => page.locator('.ant-drawer input#name').fill('云岭恒泰')],
  ['client', '/clients/c2'],
  ['basic', '/clients/c2?tab=basic'],
  ['edit', '/clients/c2?tab=basic', async (page) => page.getByText('编辑', { exact: true }).first().click()],
  ['versions', '/clients/c2?tab=versions'],
  ['viewers', '/clients/c2?tab=record'],
  ['reveal', '/clients/c2?tab=basic', click(/^查看 法定/)],
  ['imports', '/imports'],
  ['import', '/imports/i0'],
  ['people', '/people'],
  ['user', '/people', click('编辑')],
  ['explain', '/people?explain=u5', click('判断')],
  ['roles', '/people?tab=roles'],
  ['sessions', '/security'],
  ['totp', '/security?tab=totp', click('更换验证器')],
  ['keys', '/security?tab=keys'],
  ['record', '/record'],
  ['catalogue', '/catalogue'],
  ['settings', '/settings'],
  ['missing', '/clients/c999'],
  ['palette', '/', async (page) => { await page.keyboard.press('Control+k'); await page.keyboard.type('云岭'); }],
];
const only = process.argv.slice(2);
for (const [size, width, height] of [['desk', 1366, 768], ['phone', 390, 844]]) {
  const context = await browser.newContext({ viewport: { width, height }, locale: 'zh-CN' });
  const page = await context.newPage();
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) console.log(size, page.url(), message.text().slice(0, 300));
  });
  page.on('pageerror', (error) => console.log(size, page.url(), 'THROWN', error.message));
  for (const [name, path, act] of PAGES) {
    if (only.length > 0 && !only.includes(name)) continue;
    await page.goto(`http://localhost:4199${path}`, { waitUntil: 'networkidle' });
    try {
      if (act) await act(page);
    } catch (error) {
      console.log(size, name, String(error).slice(0, 200));
    }
    await page.waitForTimeout(600);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    if (wide > 0) console.log(size, name, `scrolls sideways by ${wide}`);
    await page.screenshot({ path: `${shots}/${name}-${size}.png` });
  }
  await context.close();
}
await browser.close();
await server.close();
process.exit(0);
