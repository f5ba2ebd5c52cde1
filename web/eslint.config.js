/** Lint rules: the usual ones, the directions between folders, and no text outside i18n. */
import { dirname, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import hooks from 'eslint-plugin-react-hooks';
import tseslint from 'typescript-eslint';

const src = resolve(dirname(fileURLToPath(import.meta.url)), 'src');

/** What each folder of src may import besides itself. */
const ALLOWED = {
  format: ['i18n'],
  i18n: [],
  api: [],
  access: ['api'],
  ui: ['api', 'access', 'format', 'i18n'],
  features: ['api', 'access', 'ui', 'format', 'i18n'],
  app: ['api', 'access', 'ui', 'format', 'i18n', 'features'],
};

/** A feature is its own unit; every other folder is one unit. */
function unit(path) {
  const [top, name] = relative(src, path).split(/[\\/]/);
  return top === 'features' ? `features/${name}` : top;
}

const directions = {
  meta: { type: 'problem', schema: [] },
  create(context) {
    const here = unit(context.filename);
    const allowed = ALLOWED[here.split('/')[0]];
    function check(node) {
      const name = node.source?.value;
      if (!allowed || typeof name !== 'string') return;
      if (!name.startsWith('.') && !name.startsWith('@/')) return;
      const target = name.startsWith('@/')
        ? resolve(src, name.slice(2))
        : resolve(dirname(context.filename), name);
      const there = unit(target);
      if (there === here || allowed.includes(there.split('/')[0])) return;
      context.report({ node, message: `${here} may not import ${there}` });
    }
    return {
      ImportDeclaration: check,
      ImportExpression: check,
      ExportNamedDeclaration: check,
      ExportAllDeclaration: check,
    };
  },
};

const CJK = /[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]/;

const words = {
  meta: { type: 'problem', schema: [] },
  create(context) {
    const tell = (node) =>
      context.report({ node, message: 'text for people belongs in i18n/zh and i18n/en' });
    return {
      Literal(node) {
        if (typeof node.value === 'string' && CJK.test(node.value)) tell(node);
      },
      TemplateElement(node) {
        if (CJK.test(node.value.raw)) tell(node);
      },
      JSXText(node) {
        if (CJK.test(node.value) || /[A-Za-z]{2,}/.test(node.value)) tell(node);
      },
    };
  },
};

export default tseslint.config(
  { ignores: ['dist', 'node_modules', 'shots'] },
  ...tseslint.configs.recommended,
  {
    files: ['src/**/*.{ts,tsx}'],
    plugins: { 'react-hooks': hooks, heng: { rules: { directions, words } } },
    rules: {
      'react-hooks/rules-of-hooks': 'error',
      'react-hooks/exhaustive-deps': 'error',
      'heng/directions': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      'max-lines': ['error', 600],
      'max-len': ['error', { code: 100, ignorePattern: '^import ' }],
      '@typescript-eslint/no-unused-vars': [
        'error',
        { varsIgnorePattern: '^_', argsIgnorePattern: '^_' },
      ],
      'no-console': 'error',
      eqeqeq: 'error',
    },
  },
  {
    files: ['src/**/*.{ts,tsx}'],
    ignores: ['src/i18n/{zh,en}/*.ts', 'src/**/*.test.{ts,tsx}'],
    rules: { 'heng/words': 'error' },
  },
  {
    files: ['src/i18n/{zh,en}/*.ts'],
    rules: { 'max-len': ['error', { code: 100, ignoreStrings: true }] },
  },
);
