/** An invented firm for looking at the pages without a server. Nothing here is real. */

const WEIGHTS = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];
const SIGNS = '0123456789ABCDEFGHJKLMNPQRTUWXY';

/** A credit code with a right check digit for an invented number. */
export function uscc(n: number): string {
  const body = `9133${String(100000 + (n % 90) * 7).slice(0, 4)}MA${String(2000000 + n * 7919).slice(-7)}`;
  const sum = [...body].reduce((s, sign, i) => s + SIGNS.indexOf(sign) * (WEIGHTS[i] ?? 0), 0);
  return body + (SIGNS[(31 - (sum % 31)) % 31] ?? '0');
}

const PLACES = ['云岭', '青川', '临海', '望江', '松原', '白鹿', '锦溪', '南屏', '石门', '长泽'];
const WORDS = ['恒泰', '嘉禾', '明远', '瑞丰', '汇诚', '启航', '同心', '远帆', '德润', '新禾', '安和'];
const TRADES = ['机械制造', '食品', '建材', '电子科技', '物流', '餐饮管理', '纺织', '农业开发', '环保工程'];
const ENDS = ['有限公司', '有限责任公司', '股份有限公司', '有限公司', '合伙企业（有限合伙）'];
const STAGES = ['active', 'active', 'active', 'onboarding', 'prospect', 'suspended', 'ended'];
const TAGS = ['重点客户', '融资中', '高新企业', '季度回访', '出口退税'];
const SURNAMES = ['陈', '林', '周', '吴', '沈', '许', '何', '罗'];
const GIVEN = ['思远', '雅宁', '建国', '文清', '嘉欣', '志恒', '晓岚', '明哲', '若溪', '承宇', '佳音', '子墨'];

const pick = <T>(list: T[], n: number): T => list[n % list.length] as T;
const day = (back: number) => new Date(Date.UTC(2026, 10, 20) - back * 86_400_000);
export const instant = (back: number) => day(back).toISOString();
const date = (back: number) => day(back).toISOString().slice(0, 10);

export const ROLES = [
  ['sysadmin', '系统管理员', 'System administrator', 'office', 2],
  ['secadmin', '安全管理员', 'Security administrator', 'office', 2],
  ['auditor', '审计员', 'Auditor', 'office', 2],
  ['principal', '机构负责人', 'Principal', 'business', 4],
  ['supervisor', '主管', 'Supervisor', 'business', 3],
  ['reviewer', '复核人', 'Reviewer', 'business', 3],
  ['accountant', '会计', 'Accountant', 'business', 3],
  ['tax_adviser', '税务顾问', 'Tax adviser', 'business', 4],
  ['financing_adviser', '融资顾问', 'Financing adviser', 'business', 4],
  ['client_manager', '客户经理', 'Client manager', 'business', 2],
].map(([id, zh, en, kind, clearance]) => ({ id, zh, en, kind, clearance }));

export const DEPARTMENTS = ['代理记账一部', '代理记账二部', '融资服务部', '综合管理部'].map(
  (name, i) => ({ id: `d${i}`, name, people: 3 }),
);

export const USERS = GIVEN.map((given, i) => ({
  id: `u${i}`,
  name: `staff${String(i + 1).padStart(2, '0')}`,
  display_name: pick(SURNAMES, i) + given,
  department: { id: `d${i % 4}`, name: DEPARTMENTS[i % 4]?.name ?? '' },
  roles: i === 0 ? ['principal', 'secadmin'] : [String(ROLES[(i + 1) % 10]?.id)],
  clearance: i === 0 ? 4 : 2 + (i % 3),
  training_until: date(-200 + i * 10),
  email: null,
  mfa: i % 4 !== 3,
  disabled: i === 10,
  last_seen_at: instant(i),
  version: 1,
}));

const named = (i: number) => ({ id: `u${i}`, name: USERS[i]?.display_name ?? '' });

const KINDS = ['general', 'small'];

export const CLIENTS = Array.from({ length: 300 }, (_, i) => {
  const short = pick(PLACES, i) + pick(WORDS, i * 7 + 3);
  const name = `${short}${pick(TRADES, i * 3 + 1)}${pick(ENDS, i * 5)}`;
  return {
    id: `c${i}`,
    code: `KH${String(i + 1).padStart(5, '0')}`,
    name,
    short_name: short,
    uscc: i % 23 === 5 ? null : uscc(i),
    stage: pick(STAGES, i * 3),
    taxpayer_kind: pick(KINDS, i),
    legal_rep_name: `${pick(SURNAMES, i)}**`,
    lead: i % 6 === 4 ? null : named(4 + (i % 5)),
    reviewer: i % 6 === 4 ? null : named(1 + (i % 3)),
    department: DEPARTMENTS[i % 3]?.name ?? null,
    tags: i % 4 === 0 ? [pick(TAGS, i / 4), ...(i % 8 === 0 ? [pick(TAGS, i / 8 + 2)] : [])] : [],
    completeness: 28 + ((i * 37) % 73),
    size: pick(['small', 'micro', 'medium'], i),
    industry: pick(TRADES, i * 3 + 1),
    registered_capital_fen: (((i * 7919) % 900) + 10) * 10_000 * 100,
    registered_on: date(400 + i * 11),
    region: `${pick(PLACES, i)}市${pick(['东城区', '高新区', '滨湖区'], i)}`,
    level: 4,
    updated_at: instant(i / 5),
    version: 3,
  };
});

type Raw = [string, string, string, string, string, number, string, string?];
const RAW: Raw[] = [
  ['basic', 'name', '客户名称', 'Client name', 'text', 1, 'enterprise_name'],
  ['basic', 'short_name', '简称', 'Short name', 'text', 1, 'enterprise_name'],
  ['basic', 'uscc', '统一社会信用代码', 'Unified credit code', 'uscc', 1, 'uscc'],
  ['basic', 'taxpayer_kind', '纳税人类型', 'Taxpayer kind', 'choice', 2, 'taxpayer_kind'],
  ['basic', 'legal_rep_name', '法定代表人', 'Legal representative', 'text', 2, 'legal_rep_name'],
  ['basic', 'legal_rep_id_no', '法定代表人身份证号', 'Legal rep. ID number', 'identity_number', 4, 'legal_rep_id_no'],
  ['basic', 'registered_capital_fen', '注册资本', 'Registered capital', 'money', 1, 'registration'],
  ['basic', 'registered_on', '成立日期', 'Registered on', 'date', 1, 'registration'],
  ['basic', 'city', '城市', 'City', 'text', 1, 'registration'],
  ['basic', 'tax_bureau', '主管税务机关', 'Tax bureau', 'text', 2, 'taxpayer_kind'],
  ['basic', 'staff_count', '从业人数', 'Staff', 'int', 2, 'size_class'],
  ['basic', 'assets_fen', '资产总额', 'Assets', 'money', 3, 'size_class'],
  ['basic', 'registered_address', '注册地址', 'Registered address', 'long', 1, 'registration'],
  ['basic', 'contact_name', '姓名', 'Name', 'text', 3, 'contact', 'contacts'],
  ['basic', 'contact_role', '职务', 'Role', 'text', 2, 'contact', 'contacts'],
  ['basic', 'contact_phone', '手机', 'Phone', 'phone', 3, 'contact', 'contacts'],
  ['basic', 'contact_email', '邮箱', 'E-mail', 'text', 3, 'contact', 'contacts'],
  ['basic', 'bank_name', '开户行', 'Bank', 'text', 3, 'bank_account', 'bank_accounts'],
  ['basic', 'bank_account_no', '账号', 'Account', 'account', 3, 'bank_account', 'bank_accounts'],
  ['business', 'industry', '行业', 'Industry', 'text', 1, 'industry_code'],
  ['business', 'main_business', '主营业务', 'Main business', 'long', 1, 'registration'],
  ['business', 'licence_name', '证照名称', 'Licence', 'text', 1, 'registration', 'licences'],
  ['business', 'licence_until', '有效期至', 'Valid until', 'date', 1, 'registration', 'licences'],
  ['business', 'need_fen', '需求金额', 'Amount', 'money', 3, 'loan', 'financing_needs'],
  ['business', 'need_term', '期限（月）', 'Term (months)', 'int', 3, 'loan', 'financing_needs'],
  ['business', 'need_purpose', '用途', 'Purpose', 'text', 3, 'loan', 'financing_needs'],
];

export const FIELDS = RAW.map(([section, key, zh, en, kind, level, item, list]) => ({
  section,
  key,
  path: list ? `${list}.${key}` : key,
  zh,
  en,
  kind,
  required: key === 'name' || key === 'uscc' || key === 'contact_name',
  level,
  item,
  masked: ['legal_rep_id_no', 'contact_phone', 'bank_account_no'].includes(key),
  sealed: ['legal_rep_id_no', 'contact_phone', 'bank_account_no'].includes(key),
  list: list ?? null,
  choices:
    key === 'taxpayer_kind'
      ? [
          { value: 'general', zh: '一般纳税人', en: 'General' },
          { value: 'small', zh: '小规模纳税人', en: 'Small-scale' },
        ]
      : null,
  custom: false,
}));

const value = (v: unknown, level = 1, masked = false) => ({
  value: v === undefined || v === null ? null : String(v),
  locked: false,
  masked,
  level,
  revealable: masked,
});

/** One client with everything its page shows. */
export function clientView(i: number) {
  const row = CLIENTS[i] as Record<string, unknown>;
  const fields: Record<string, unknown> = {};
  for (const field of FIELDS.filter((f) => !f.list)) {
    fields[field.key] = value(row[field.key], field.level);
  }
  fields['legal_rep_id_no'] = value('3****************1', 4, true);
  fields['legal_rep_name'] = value(`${SURNAMES[i % 8]}建新`, 2);
  fields['city'] = value(PLACES[i % 10], 1);
  fields['tax_bureau'] = value(`${PLACES[i % 10]}市税务局第二税务所`, 2);
  fields['staff_count'] = value(46, 2);
  fields['assets_fen'] = value(2_360_000_000, 3);
  fields['registered_address'] = value(`${PLACES[i % 10]}市高新区创新路 18 号 3 幢 502 室`, 1);
  fields['main_business'] = value('精密零部件的设计、加工与销售；相关技术咨询。', 1);
  return {
    ...row,
    fields,
    lists: {
      contacts: [
        {
          id: 'k1',
          fields: {
            contact_name: value('许文清', 3),
            contact_role: value('财务负责人', 2),
            contact_phone: value('138****2046', 3, true),
            contact_email: value('wenqing@example.com', 3),
          },
        },
      ],
      bank_accounts: [
        {
          id: 'b1',
          fields: {
            bank_name: value('临海商业银行高新支行', 3),
            bank_account_no: value('**** **** **** 8013', 3, true),
          },
        },
      ],
      financing_needs: [
        {
          id: 'n1',
          fields: {
            need_fen: value(300_000_000, 3),
            need_term: value(12, 3),
            need_purpose: value('采购原材料，补充流动资金', 3),
          },
        },
      ],
      licences: [],
    },
    sections: [
        { section: 'basic', percent: 86, missing: [{ key: 'short_name', zh: '实际控制人' }] },
        {
          section: 'business',
          percent: 52,
          missing: [
            { key: 'upstream', zh: '主要供应商' },
            { key: 'downstream', zh: '主要客户' },
            { key: 'licences', zh: '许可证照' },
          ],
        },
        { section: 'financial', percent: 0, missing: [] },
      ],
    findings: [
      { field: 'registered_on', severity: 'warning', code: 'date.early', message: '成立日期早于信用代码制度实施时间，请核对营业执照。' },
      { field: 'legal_rep_id_no', severity: 'error', code: 'id.check', message: '身份证号校验位不正确。' },
      { field: 'city', severity: 'hint', code: 'region.differs', message: '所在地区与信用代码中的登记机关地区不一致。' },
    ],
    computed: {
      size: { value: 'small', reason: '工业：从业人数 46 人（20 以上），营业收入未知，按资产总额暂定。' },
      small_low_profit: { value: 'yes', reason: '从业人数不超过 300，资产总额不超过 5000 万元。' },
    },
    may: {
      update: { allowed: true },
      advance: { allowed: true },
      suspended: { allowed: true },
      ended: { allowed: false, reason: '还有未结清的融资需求' },
      assign: { allowed: true },
      recycle: { allowed: false, reason: '服务中的客户不能移入回收站' },
    },
  };
}

export const CATALOGUE = [
  ['enterprise_name', '企业名称', 'Enterprise name', '企业公开信息', 1, '–', '全员', '会计', false],
  ['uscc', '统一社会信用代码', 'Unified credit code', '企业公开信息', 1, '–', '全员', '会计', false],
  ['taxpayer_kind', '纳税人类型', 'Taxpayer kind', '企业经营信息', 2, '–', '会计、复核', '会计', false],
  ['contact', '联系方式', 'Contacts', '个人信息', 3, '手机中段', '会计、客户经理', '会计', true],
  ['bank_account', '对公账户', 'Bank account', '企业财务', 3, '末四位', '会计、融资顾问', '会计', true],
  ['legal_rep_id_no', '法定代表人身份证号', 'Legal rep. ID', '敏感个人信息', 4, '首末各一位', '查看须申明用途', '会计', true],
].map(([item, zh, en, category, level, masking, read, write, sealed]) => ({
  item, zh, en, category, level, masking, read, write, sealed,
  retention: '服务期 + 10 年',
  searchable: level !== 2,
}));

const ACTS = ['client.view', 'client.list', 'client.update', 'client.reveal', 'session.create', 'client.export'];

export const RECORD = Array.from({ length: 120 }, (_, i) => ({
  id: `r${i}`,
  at: instant(i / 40),
  actor: `u${i % 9}`,
  actor_name: USERS[i % 9]?.display_name,
  action: pick(ACTS, i),
  outcome: i % 17 === 3 ? 'denied' : pick(['shown', 'shown', 'done', 'shown'], i),
  clients_count: pick([1, 50, 1, 1, 0, 32], i),
  classes: pick([['enterprise_name', 'contact'], ['enterprise_name'], ['uscc'], ['legal_rep_id_no'], [], ['enterprise_name', 'uscc']], i),
  purpose: pick([null, null, null, 'financing', null, 'report'], i),
  origin: `192.0.2.${10 + (i % 9)}`,
  request: `req-${(i * 7919).toString(36).padStart(8, '0')}`,
  sealed: i > 1,
}));
