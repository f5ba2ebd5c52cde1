// The harness's own arithmetic, checked against the published vectors.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { totp } from '../heng.mjs'

test('authenticator codes agree with RFC 6238', () => {
  const secret = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ'
  assert.equal(totp(secret, 59_000), '287082')
  assert.equal(totp(secret, 1_111_111_109_000), '081804')
  assert.equal(totp(secret, 20_000_000_000_000), '353130')
})
