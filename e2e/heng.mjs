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
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
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

/** The server under test. */
export class Heng {
  #child
  #tail = []

  /** Starts the server on a folder and resolves when it says that it listens. */
  static async start(folder, { args = [], env = {} } = {}) {
    const heng = new Heng()
    heng.folder = folder
    heng.options = { args, env }
    await heng.#spawn()
    return heng
  }

  /** Starts it again on the same store, on another port. */
  async restart() {
    await this.stop()
    await this.#spawn()
  }

  async #spawn() {
    const binary = resolve(process.env.HENG_BINARY ?? join(here, '../target/debug/heng'))
    const { args, env } = this.options
    const words = ['serve', '--data-dir', this.folder, '--listen', '127.0.0.1:0', ...args]
    this.#child = spawn(binary, words, {
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
    const late = new Promise((done) => setTimeout(done, 60_000, 'late').unref())
    const first = await Promise.race([ready, this.exited, late])
    if (first !== undefined) {
      this.#child.kill('SIGKILL')
      const why = first === 'late' ? 'did not listen within 60 s' : JSON.stringify(first)
      throw new Error(`heng serve: ${why}\n${this.log()}`)
    }
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
  page.on('request', (request) => {
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
 * Faults that are known and suffered, by rule and place. May only shrink.
 * The components' own blue (#1677ff) has 4.1:1 on white where 4.5:1 is asked.
 */
const SUFFERED = [{ rule: 'color-contrast', inside: '.ant-btn-primary' }]

/** The serious accessibility faults of the page as it is. */
async function faults(page) {
  await page.evaluate(axe)
  return page.evaluate(async (suffered) => {
    const options = { resultTypes: ['violations'], runOnly: ['wcag2a', 'wcag2aa'] }
    const { violations } = await window.axe.run(document, options)
    const known = (id, node) =>
      suffered.some(({ rule, inside }) => {
        return rule === id && document.querySelector(node.target[0])?.closest(inside)
      })
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, help, nodes }) => ({ id, help, left: nodes.filter((n) => !known(id, n)) }))
      .filter(({ left }) => left.length > 0)
      .map(({ id, help, left }) => `${id}: ${help}\n    ${left.map((n) => n.html).join('\n    ')}`)
  }, SUFFERED)
}

/** One journey on a store of its own. */
export function journey(title, walk, options = {}) {
  test(title, { timeout: 240_000 }, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'heng-journey-'))
    const opened = []
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
        await shot(page, name)
        const found = await faults(page)
        assert.deepEqual(found, [], `accessibility of "${name}":\n${found.join('\n')}`)
      }
      await walk({ heng, page: await person(options.person), person, look, shot })
      for (const { complaints } of opened) assert.deepEqual(complaints, [])
      await heng.stop()
    } catch (error) {
      for (const { page, complaints } of opened) {
        await shot(page, 'failed').catch(() => {})
        for (const complaint of complaints) console.error(complaint)
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
