/** A stand-in for the server, for looking at the pages: `HENG_MOCK=1 npm run dev`. */
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Connect, Plugin } from 'vite';
import * as made from './invented.ts';

type Answer = { status?: number; body?: unknown };
interface Ask {
  method: string;
  path: string;
  query: URLSearchParams;
  body: Record<string, unknown>;
}

const page = (items: unknown[]) => ({
  items,
  next: null,
  total: { count: items.length, capped: false },
});
const refuse = (status: number, code: string, detail: string, more = {}): Answer => ({
  status,
  body: { type: 'about:blank', title: code, status, code, detail, request_id: 'req-7f3k2', ...more },
});

const state = { signedOut: false, proof: false, stale: true, runs: new Map<string, number>() };

const ME = {
  ...made.USERS[0],
  permissions: [
    'client.list', 'client.view', 'client.create', 'client.assign', 'client.tag', 'client.recycle',
    'client.export', 'client.restore', 'import.run', 'import.list', 'user.list', 'user.create',
    'user.update', 'user.disable', 'user.reset', 'role.grant', 'access.explain', 'session.list',
    'record.list', 'record.verify', 'record.export', 'key.list', 'key.rotate', 'catalogue.list',
    'setting.list', 'setting.update', 'field.define', 'department.edit',
  ],
  mfa: true,
  totp_needed: false,
  totp_enrolled: true,
  locale: 'zh-CN',
  firm: { name: '衡信企业服务', time_zone: 'Asia/Shanghai' },
  version: '0.1.0',
};

function clients({ query }: Ask): Answer {
  const q = query.get('q') ?? '';
  const view = query.get('view');
  const stages = query.get('stage')?.split(',');
  let items = made.CLIENTS.filter(
    (c) =>
      (!q || c.name.includes(q) || c.code.includes(q)) &&
      (!stages || stages.includes(c.stage)) &&
      (view !== 'unassigned' || !c.lead) &&
      (view !== 'mine' || c.lead?.id === 'u4'),
  );
  const sort = query.get('sort');
  if (sort === 'completeness') items = [...items].sort((a, b) => a.completeness - b.completeness);
  const from = Number(query.get('cursor') ?? 0);
  const limit = Number(query.get('limit') ?? 50);
  const next = from + limit < items.length ? String(from + limit) : null;
  const capped = !q && !view && !stages && query.get('count') !== 'exact';
  const count = capped ? 10_000 : items.length;
  return { body: { items: items.slice(from, from + limit), next, total: { count, capped } } };
}

function importRun(id: string): unknown {
  const step = state.runs.get(id) ?? 5;
  if (step === 1 || step === 3) state.runs.set(id, step + 1);
  const names = ['uploaded', 'checking', 'checked', 'running', 'running', 'done'];
  const counts = {
    rows: 1264, created: 1198, updated: 0, unchanged: 0, rejected: 41, duplicates: 25,
  };
  if (step === 4) state.runs.set(id, 5);
  return {
    id,
    file_name: '客户名单（2026年11月）.xlsx',
    state: names[step],
    mode: 'create',
    counts: step === 0 ? { ...counts, rows: 0, created: 0, rejected: 0, duplicates: 0 } : counts,
    reasons:
      step < 2 ? {} : { 'uscc.check': 28, 'uscc.missing': 13, 'uscc.repeated': 25 },
    warnings: step < 2 ? {} : { 'date.impossible': 17 },
    failure: null,
    progress: 64,
    total: 1264,
    by: ME.display_name,
    at: made.instant(0),
    undoable: { allowed: true },
    columns: ['企业名称', '税号', '法人代表', '注册资金', '备注'],
    mapping: { 0: 'name', 1: 'uscc', 2: 'legal_rep_name', 3: 'registered_capital_fen' },
  };
}

function uploaded(): unknown {
  return {
    id: 'i0',
    columns: [
      { index: 0, header: '企业名称', sample: ['云岭恒泰机械制造有限公司', '青川瑞丰食品有限公司'], field: 'name' },
      { index: 1, header: '税号', sample: [made.uscc(1), made.uscc(2)], field: 'uscc' },
      { index: 2, header: '法人代表', sample: ['陈思远', '林雅宁'], field: 'legal_rep_name' },
      { index: 3, header: '注册资金', sample: ['500万元', '1,200,000'], field: 'registered_capital_fen' },
      { index: 4, header: '备注', sample: ['', '老客户'], field: null },
    ],
    rows: 1264,
    layout_remembered: true,
  };
}

function explain(query: URLSearchParams): unknown {
  const allowed = query.get('action') !== 'key.rotate';
  return {
    allowed,
    missing: allowed ? [] : [{ right: 'key.rotate', zh: '轮换密钥（安全管理员）' }],
    policies: allowed
      ? [
          {
            id: 'lead-views-own-clients',
            file: 'policies/clients.cedar',
            line: 12,
            text: 'permit (\n  principal in Role::"accountant",\n  action == Action::"client.view",\n  resource\n) when { resource.lead };',
          },
        ]
      : [],
    attributes: {
      roles: ['accountant'], clearance: 3, mfa: true, trained: true, active: true, visible: true,
      relations: ['lead', 'department'],
    },
  };
}

const QR =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 29 29"><rect width="29" height="29" fill="#fff"/>' +
  Array.from({ length: 29 * 29 }, (_, i) =>
    (i * 2654435761) % 97 < 45 ? `<rect x="${i % 29}" y="${Math.floor(i / 29)}" width="1" height="1"/>` : '',
  ).join('') +
  '</svg>';

function session({ method, body }: Ask): Answer {
  if (method === 'DELETE') {
    state.signedOut = true;
    return { status: 204 };
  }
  if (body['password'] === 'wrong') return refuse(401, 'session.refused', '账号或密码不正确');
  if (!body['totp']) return refuse(401, 'session.totp_required', '需要动态验证码');
  state.signedOut = false;
  return { body: { user: ME } };
}

function client(ask: Ask, id: string, rest: string): Answer {
  const at = Number(id.slice(1));
  if (!made.CLIENTS[at]) return refuse(404, 'client.not_found', '找不到此客户');
  if (rest === '/versions') {
    return {
      body: [
        {
          version: 3, at: made.instant(1), by: '林雅宁', why: '根据变更后的营业执照更新',
          changes: [
            { field: 'registered_capital_fen', zh: '注册资本', before: '100000000', after: '500000000' },
            { field: 'registered_address', zh: '注册地址', before: '临海市东城区旧街 3 号', after: '临海市高新区创新路 18 号' },
          ],
        },
        { version: 1, at: made.instant(40), by: '陈思远', why: '导入', changes: [] },
      ],
    };
  }
  if (rest === '/record') return { body: made.RECORD.slice(0, 14) };
  if (rest === '/reveal') {
    if (!state.proof) return refuse(403, 'denied.proof', '请重新验证身份');
    return { body: { value: '33108219880808001X', hide_after_s: 60 } };
  }
  if (rest === '/verify') return { body: { match: String(ask.body['value']).endsWith('X') } };
  if (ask.method === 'PATCH' && rest === '' && state.stale) {
    state.stale = false;
    return refuse(412, 'client.stale', '此客户刚被他人修改', {
      current_version: 4,
      changed: [{ field: 'city', by: '周建国', at: made.instant(0) }],
    });
  }
  const view = made.clientView(at) as { fields: Record<string, { value: unknown }> };
  if (!state.stale && view.fields['city']) view.fields['city'].value = '望江';
  return { body: view };
}

const FIXED: Record<string, unknown> = {
  '/me': ME,
  '/users': page(made.USERS),
  '/roles': made.ROLES,
  '/departments': page(made.DEPARTMENTS),
  '/fields': {
    items: made.FIELDS,
    lists: [
      { key: 'contacts', section: 'basic', zh: '联系人', en: 'Contacts', required: true },
      { key: 'bank_accounts', section: 'basic', zh: '银行账户', en: 'Bank accounts', required: true },
      { key: 'licences', section: 'business', zh: '资质证照', en: 'Licences', required: false },
      { key: 'financing_needs', section: 'business', zh: '融资需求', en: 'Needs', required: true },
    ],
    stages: [],
  },
  '/catalogue': made.CATALOGUE,
  '/views': page([{ id: 'v1', name: '融资中的客户', shared: true, query: 'tag=融资中', own: true }]),
  '/tokens': page([
    { id: 't1', name: '月报脚本', scope: ['read'], created_at: made.instant(30), expires_at: made.instant(-60), last_used_at: made.instant(1) },
  ]),
  '/keys': {
    algorithm: 'AES-256-GCM',
    master: { source: 'file', beside_store: true, recovery_confirmed: true },
    levels: [1, 2, 3, 4].map((level) => ({
      level, key_id: `k${level}-0193f`, created_at: made.instant(90), values: level * 1811,
    })),
    rotation: { running: true, done: 4210, total: 18110 },
  },
  '/settings': {
    firm_name: '衡信企业服务', time_zone: 'Asia/Shanghai', strict_offices: false, locale: 'zh-CN',
    local_operator: true, session_idle_minutes: 30, session_max_hours: 12, reveal_daily_limit: 20,
    reveal_purposes: '办税实名核验\n融资申请', export_purposes: '内部统计\n客户交接',
  },
  '/overview': {
    cards: { clients: 300, unassigned: 50, incomplete: 87, findings: 41 },
    todos: [
      { id: '1', zh: '有客户等待分配负责人', en: 'Clients wait for a lead', count: 50, href: '/clients?view=unassigned' },
      { id: '2', zh: '把主密钥移出数据目录', en: 'Move the master key elsewhere', href: '/security?tab=keys' },
      { id: '3', zh: '核对身份证号校验位不正确的客户', en: 'Check wrong ID numbers', count: 6, href: '/clients?sort=completeness' },
    ],
    recent: made.CLIENTS.slice(0, 6),
    quality: [
      { code: 'a', zh: '缺少统一社会信用代码', en: 'Credit code missing', count: 13 },
      { code: 'b', zh: '缺少联系人', en: 'No contact', count: 41 },
      { code: 'c', zh: '成立日期可疑', en: 'Odd registration date', count: 9 },
      { code: 'd', zh: '地区与信用代码不一致', en: 'Region differs from code', count: 22 },
      { code: 'e', zh: '身份证号校验位不正确', en: 'ID check digit', count: 6 },
    ],
  },
  '/sessions': page([
    { id: 's1', current: true, started_at: made.instant(0.2), last_seen_at: made.instant(0), expires_at: made.instant(-0.4), address: '192.0.2.14', agent: 'Mozilla/5.0 (Windows NT 10.0) Chrome/142.0 Safari/537.36' },
    { id: 's2', current: false, started_at: made.instant(1), last_seen_at: made.instant(0.9), expires_at: made.instant(-0.1), address: '192.0.2.80', agent: 'Mozilla/5.0 (iPhone; CPU iPhone OS 18) MicroMessenger/8.0' },
  ]),
};

function answer(ask: Ask): Answer {
  const { path, method, query } = ask;
  if (path === '/session') return session(ask);
  if (state.signedOut) return refuse(401, 'session.missing', '请先登录');
  if (path === '/session/renew-proof') {
    if (ask.body['password'] === 'wrong') return refuse(401, 'session.proof_refused', '密码不正确');
    state.proof = true;
    return { status: 204 };
  }
  if (path === '/clients/similar') {
    const name = query.get('name') ?? '';
    const found = made.CLIENTS.filter((c) => name.length >= 2 && c.name.includes(name)).slice(0, 3);
    return { body: found.map((c) => ({ name: c.name, owner: c.lead?.name ?? null })) };
  }
  if (path === '/clients' && method === 'GET') return clients(ask);
  if (path === '/clients') return { status: 201, body: made.clientView(1) };
  if (path === '/clients/bulk') return { body: { done: (ask.body['ids'] as string[]).length, failed: [] } };
  const one = /^\/clients\/([^/]+)(.*)$/.exec(path);
  if (one) return client(ask, one[1] ?? '', one[2] ?? '');
  if (path === '/search') {
    const q = query.get('q') ?? '';
    return { body: { clients: made.CLIENTS.filter((c) => c.name.includes(q))
          .slice(0, 8)
          .map((c) => ({ ...c, lead: c.lead?.name ?? null })) } };
  }
  if (path === '/imports' && method === 'POST') {
    state.runs.set('i0', 0);
    return { body: uploaded() };
  }
  if (path === '/imports') return { body: page([importRun('i9')]) };
  const run = /^\/imports\/(\w+)(\/\w+)?$/.exec(path);
  if (run) {
    if (run[2] === '/check') state.runs.set(run[1] ?? '', 1);
    if (run[2] === '/run') state.runs.set(run[1] ?? '', 3);
    return { body: importRun(run[1] ?? '') };
  }
  if (/\/explain$/.test(path)) return { body: explain(query) };
  if (/\/reset-link$/.test(path)) {
    return { body: { link: 'https://heng.example/reset?token=3kf9-invented', expires_at: made.instant(-1) } };
  }
  if (path === '/totp/enroll') {
    return { body: { secret: 'JBSWY3DPEHPK3PXP', uri: 'otpauth://totp/x', qr_svg: QR } };
  }
  if (path === '/totp/confirm') {
    return { body: { recovery_codes: Array.from({ length: 8 }, (_, i) => `k7p${i}-m3x${i}`) } };
  }
  if (path === '/record') return { body: { ...page(made.RECORD.slice(0, 50)), next: 'x' } };
  if (path === '/record/verify') {
    return { body: { ok: true, entries: 48213, unsealed: 2, first_wrong: null, checkpoint: 'heng.example/record\n48211\nq1Zr…=' } };
  }
  if (path in FIXED) return { body: FIXED[path] };
  return method === 'GET' ? refuse(404, 'not_found', '没有此接口') : { status: 204 };
}

function read(request: IncomingMessage): Promise<Record<string, unknown>> {
  return new Promise((done) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      try {
        done(JSON.parse(Buffer.concat(parts).toString('utf8')) as Record<string, unknown>);
      } catch {
        done({});
      }
    });
  });
}

async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://mock');
  const { status = 200, body } = answer({
    method: request.method ?? 'GET',
    path: url.pathname,
    query: url.searchParams,
    body: await read(request),
  });
  response.statusCode = status;
  if (body === undefined) return void response.end();
  const problem = status >= 400 ? 'application/problem+json' : 'application/json';
  response.setHeader('Content-Type', `${problem}; charset=utf-8`);
  response.end(JSON.stringify(body));
}

/** Serves the built page as the server does: nonce in the page and in the policy. */
function pageWithPolicy(request: Connect.IncomingMessage, response: ServerResponse, next: () => void) {
  const path = (request.url ?? '/').split('?')[0] ?? '/';
  if (/\.\w+$/.test(path) && path !== '/index.html') return next();
  const nonce = randomBytes(16).toString('base64');
  const html = readFileSync(new URL('../dist/index.html', import.meta.url), 'utf8');
  response.setHeader('Content-Type', 'text/html; charset=utf-8');
  response.setHeader(
    'Content-Security-Policy',
    `default-src 'self'; script-src 'self'; style-src 'self' 'nonce-${nonce}'; img-src 'self' data:`,
  );
  response.end(html.replaceAll('__NONCE__', nonce));
}

export function mockApi(): Plugin {
  const serve = (middlewares: Connect.Server) =>
    middlewares.use('/api', (request, response) => void handle(request, response));
  return {
    name: 'mock-api',
    configureServer: ({ middlewares }) => void serve(middlewares),
    configurePreviewServer: ({ middlewares }) => {
      serve(middlewares);
      middlewares.use(pageWithPolicy);
    },
  };
}
