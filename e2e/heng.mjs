// What every journey needs: the real server on a fresh store, a real browser, and a watch on both.
//
//   import { journey } from '../heng.mjs'
//   journey('a clerk finds a client by its initials', async ({ heng, page, look }) => { … })
//
// A journey fails by itself when the page logs an error, breaks the content security policy, throws,
// or gets a 5xx; when `look` finds a serious accessibility fault; or when the server does not stop
// cleanly. Pictures go to e2e/shots, which git ignores.

import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { createHmac } from 'node:crypto'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync } from 'node:fs'
import { renameSync, rmSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'

const here = dirname(fileURLToPath(import.meta.url))
const shots = join(here, 'shots')
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** The screens that staff use: an office computer and a phone. */
export const OFFICE = { width: 1366, height: 768 }
export const PHONE = { width: 390, height: 844 }

const binary = () => resolve(process.env.HENG_BINARY ?? join(here, '../target/debug/heng'))

/** The server under test. */
export class Heng {
  #child
  #tail = []

  /** Starts the server on a folder and resolves when it says that it listens. */
  static async start(folder, { command = 'serve', args = [], env = {} } = {}) {
    const heng = new Heng()
    heng.folder = folder
    heng.options = { command, args, env }
    await heng.#spawn()
    return heng
  }

  /** Starts it again on the same store, on another port. */
  async restart() {
    await this.stop()
    await this.#spawn()
  }

  async #spawn() {
    const { command, args, env } = this.options
    const words = [command, '--data-dir', this.folder, '--listen', '127.0.0.1:0', ...args]
    this.#child = spawn(binary(), words, {
      cwd: this.folder,
      env: { PATH: process.env.PATH, HOME: this.folder, TZ: 'UTC', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    this.exited = new Promise((done) => {
      this.#child.once('exit', (code, signal) => done({ code, signal }))
      this.#child.once('error', (error) => done({ code: null, signal: null, error }))
    })
    const ready = new Promise((done) => {
      for (const stream of [this.#child.stdout, this.#child.stderr]) {
        createInterface({ input: stream }).on('line', (line) => {
          this.#tail.push(line)
          this.#tail.splice(0, this.#tail.length - 60)
          this.setup = /^setup: (\S+)/.exec(line)?.[1] ?? this.setup
          const listening = /^listening on (\S+)/.exec(line)?.[1]
          if (listening) {
            this.address = listening
            // The set-up line, where there is one, is printed in the same breath.
            setTimeout(done, 100)
          }
        })
      }
    })
    const late = new Promise((done) => setTimeout(done, 150_000, 'late').unref())
    const first = await Promise.race([ready, this.exited, late])
    if (first !== undefined) {
      this.#child.kill('SIGKILL')
      const why = first === 'late' ? 'did not listen within 150 s' : JSON.stringify(first)
      throw new Error(`heng ${command}: ${why}\n${this.log()}`)
    }
  }

  /** How somebody of the sample firm signs in; only a store made by `heng demo` has this. */
  login(name) {
    const lines = readFileSync(join(this.folder, 'logins.txt'), 'utf8').split('\n')
    const found = lines.map((line) => line.split('\t')).find(([first]) => first === name)
    assert.ok(found, `nobody is ${name} in the sample firm`)
    const [, display, , password, secret] = found
    return { name, display, password, secret }
  }

  /** The last lines that the server printed. */
  log() {
    return this.#tail.join('\n')
  }

  /** Asks it to stop and expects a clean end. */
  async stop() {
    this.#child.kill('SIGTERM')
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), 20_000)
    const { code, signal } = await this.exited
    clearTimeout(timer)
    assert.equal(code, 0, `heng serve ended with ${code ?? signal}\n${this.log()}`)
  }

  /** Ends it at once, as a power cut would. */
  async kill() {
    this.#child.kill('SIGKILL')
    await this.exited
  }
}

/** What each page asked for and has not got yet. */
const asked = new WeakMap()

function awaited() {
  let done
  const answer = new Promise((settle) => (done = settle))
  return { answer, done }
}

/** A page whose every complaint is kept. */
async function watched(browser, heng, { viewport = OFFICE, locale = 'zh-CN' } = {}) {
  const context = await browser.newContext({
    viewport,
    locale,
    baseURL: heng.address,
    timezoneId: 'Asia/Shanghai',
    reducedMotion: 'reduce',
    acceptDownloads: true,
  })
  context.setDefaultTimeout(15_000)
  const page = await context.newPage()
  const complaints = []
  page.on('pageerror', (error) => complaints.push(`thrown: ${error.message}`))
  page.on('console', (message) => {
    const text = message.text()
    // The browser reports each 4xx here; journeys that provoke one check the page instead.
    if (message.type() === 'error' && !text.startsWith('Failed to load resource')) {
      complaints.push(`console: ${text}`)
    }
  })
  page.on('response', (response) => {
    if (response.status() >= 500) complaints.push(`${response.status()} ${response.url()}`)
  })
  const pending = new Map()
  asked.set(page, pending)
  const answered = (request) => {
    pending.get(request)?.done()
    pending.delete(request)
  }
  page.on('requestfinished', answered)
  page.on('requestfailed', answered)
  page.on('request', (request) => {
    pending.set(request, awaited())
    const outside = !request.url().startsWith(heng.address) && /^https?:/.test(request.url())
    if (outside) complaints.push(`asked another host: ${request.url()}`)
  })
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) => {
      console.error(`policy: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`)
    })
  })
  return { context, page, complaints }
}

/**
 * Fills a folder with the sample firm. It is made by `heng demo` once for a build of the binary,
 * which takes a while, and copied from then on.
 */
async function sampleFirm(folder) {
  const { size, mtimeMs } = statSync(binary())
  const shelf = join(here, '../target/journeys')
  const kept = join(shelf, `sample-${size}-${Math.floor(mtimeMs)}`)
  if (!existsSync(kept)) {
    rmSync(shelf, { recursive: true, force: true })
    mkdirSync(shelf, { recursive: true })
    const fresh = mkdtempSync(join(shelf, 'making-'))
    const heng = await Heng.start(fresh, { command: 'demo' })
    await heng.stop()
    renameSync(fresh, kept)
  }
  for (const name of readdirSync(kept)) {
    if (!/\.(sock|lock)$/.test(name)) {
      cpSync(join(kept, name), join(folder, name), { recursive: true })
    }
  }
}

/** The serious accessibility faults of the page as it is, and whether it is too wide. */
async function faults(page) {
  await page.evaluate(axe)
  return page.evaluate(async () => {
    const options = { resultTypes: ['violations'], runOnly: ['wcag2a', 'wcag2aa'] }
    const { violations } = await window.axe.run(document, options)
    const found = violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, help, nodes }) => `${id}: ${help}\n    ${nodes.map((n) => n.html).join('\n    ')}`)
    const { scrollWidth } = document.documentElement
    if (scrollWidth > innerWidth) found.push(`scrolls sideways: ${scrollWidth} in ${innerWidth}`)
    return found
  })
}

/** Resolves when nothing on the page is still loading. */
async function settled(page) {
  const loading = '.ant-skeleton, .ant-spin-spinning, .ant-btn-loading'
  const drawn = (what) => document.querySelector(what) === null
  await page.waitForFunction(drawn, loading)
  const pending = asked.get(page)
  while (pending.size > 0) await Promise.all([...pending.values()].map(({ answer }) => answer))
  // What the last answers brought is drawn now.
  await page.waitForFunction(drawn, loading)
  await page.evaluate(() => document.fonts.ready.then(() => null))
}

/** One journey on a store of its own. */
export function journey(title, walk, options = {}) {
  test(title, { timeout: 240_000 }, async (whole) => {
    const folder = mkdtempSync(join(tmpdir(), 'heng-journey-'))
    const opened = []
    // Faults of all pages are told together, at the end of the journey.
    const seen = []
    let heng
    let browser
    let looked = 0
    const slug = title.replace(/[^\p{L}\p{N}]+/gu, '-')
    mkdirSync(shots, { recursive: true })
    const shot = async (page, name) => {
      looked += 1
      const number = String(looked).padStart(2, '0')
      await page.screenshot({ path: join(shots, `${slug}-${number}-${name}.png`) })
    }
    try {
      if (options.sample) await sampleFirm(folder)
      heng = await Heng.start(folder, options)
      browser = await chromium.launch({
        executablePath: process.env.HENG_CHROMIUM ?? '/usr/bin/chromium',
        args: [
          '--no-sandbox',
          '--disable-gpu',
          '--disable-quic',
          '--disable-background-networking',
          '--disable-component-update',
          '--disable-sync',
          '--no-first-run',
        ],
      })
      /** Another person's browser: own cookies, own window. */
      const person = async (how) => {
        const one = await watched(browser, heng, how)
        opened.push(one)
        return one.page
      }
      /** A picture and the accessibility check of what the person sees now. */
      const look = async (page, name) => {
        // The pointer rests nowhere, so that nothing is judged in its hovered colours.
        await page.mouse.move(0, 0)
        await settled(page)
        await shot(page, name)
        for (const fault of await faults(page)) seen.push(`${name}: ${fault}`)
      }
      /** The same on the office computer and then on a phone. */
      const lookTwice = async (page, name) => {
        await look(page, name)
        await page.setViewportSize(PHONE)
        await look(page, `${name}-phone`)
        await page.setViewportSize(OFFICE)
      }
      /** A part of the journey, a sentence of its own; the later ones build on it. */
      const part = async (sentence, act) => {
        let wrong = null
        await whole.test(sentence, async () => {
          try {
            await act()
          } catch (error) {
            wrong = error
            throw error
          }
        })
        if (wrong) throw wrong
      }
      const page = await person(options.person)
      await walk({ heng, page, person, look, lookTwice, part, shot })
      for (const { complaints } of opened) assert.deepEqual(complaints, [])
      assert.deepEqual(seen, [])
      await heng.stop()
    } catch (error) {
      for (const { page, complaints } of opened) {
        await shot(page, 'failed').catch(() => {})
        for (const complaint of [...complaints, ...seen.splice(0)]) console.error(complaint)
      }
      if (heng) console.error(heng.log())
      await heng?.kill()
      throw error
    } finally {
      await browser?.close()
      rmSync(folder, { recursive: true, force: true })
    }
  })
}

/** The code that an authenticator shows for a secret (RFC 6238: SHA-1, 30 s, six digits). */
export function totp(secret, at = Date.now()) {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
  const bits = [...secret.toUpperCase().replace(/[\s=]/g, '')]
    .map((letter) => alphabet.indexOf(letter).toString(2).padStart(5, '0'))
    .join('')
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)))
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(Math.floor(at / 30_000)))
  const digest = createHmac('sha1', key).update(counter).digest()
  const offset = digest[digest.length - 1] & 15
  const code = (digest.readUInt32BE(offset) & 0x7fffffff) % 1_000_000
  return String(code).padStart(6, '0')
}

const spent = new Map()

/** The next code of a secret that was not used yet: each code opens one door once. */
function unspent(secret) {
  const now = Math.floor(Date.now() / 30_000)
  const step = Math.max(now, (spent.get(secret) ?? 0) + 1)
  assert.ok(step <= now + 1, 'a third code within half a minute: sign in less often')
  spent.set(secret, step)
  return totp(secret, step * 30_000)
}

/** Signs a person in through the page, with the second factor where there is one. */
export async function signIn(page, { name, password, secret }) {
  await page.goto('/login')
  await page.getByLabel('账号').fill(name)
  await page.getByLabel('密码').fill(password)
  await page.getByRole('button', { name: '登录' }).click()
  if (secret) {
    await page.getByLabel('动态验证码').fill(unspent(secret))
    await page.getByRole('button', { name: '验证并登录' }).click()
  }
  await page.waitForURL((url) => !url.pathname.startsWith('/login'))
  await page.getByRole('heading', { level: 1 }).waitFor()
}
