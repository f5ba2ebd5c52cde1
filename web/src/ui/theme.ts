/** The one place for colours, sizes and spacing. */
import type { ThemeConfig } from 'antd';

const font =
  '-apple-system, BlinkMacSystemFont, "Segoe UI", "PingFang SC", "Hiragino Sans GB", ' +
  '"Microsoft YaHei", "Noto Sans CJK SC", "Noto Sans SC", sans-serif';

/** Sizes that layout code shares. */
export const SIZES = { header: 52, sider: 208, siderFolded: 56, gap: 16, form: 960 } as const;

/** Colours beyond the component tokens. */
export const COLOURS = {
  canvas: '#f4f6f9',
  line: '#e8ebf0',
  text: '#1d2433',
  quiet: '#616a7e',
  good: '#2b7a0b',
  warn: '#ad5200',
  bad: '#cf1322',
  primary: '#1366e0',
  primarySoft: '#eef5ff',
} as const;

/** Chips: ink and ground of each tone, readable for weak eyes. */
export const TONES = {
  grey: { color: '#4a5366', background: '#eef0f4' },
  blue: { color: '#0e55c4', background: '#e8f1ff' },
  green: { color: '#1f6b0a', background: '#eaf7e4' },
  amber: { color: '#8a5300', background: '#fff4dc' },
  red: { color: '#b01520', background: '#ffecea' },
  purple: { color: '#5b2fa8', background: '#f3edff' },
} as const;

export type Tone = keyof typeof TONES;

/** Tones of the stages of a client. */
export const STAGE_TONES: Record<string, Tone> = {
  prospect: 'grey',
  onboarding: 'blue',
  active: 'green',
  suspended: 'amber',
  ended: 'red',
  archived: 'grey',
};

/** Tones of the levels 1 to 4. */
export const LEVEL_TONES: readonly Tone[] = ['grey', 'grey', 'blue', 'amber', 'red'];

export const theme: ThemeConfig = {
  token: {
    colorPrimary: COLOURS.primary,
    colorPrimaryHover: '#0e55c4',
    colorLinkHover: '#0e55c4',
    colorInfo: COLOURS.primary,
    colorText: COLOURS.text,
    colorLink: COLOURS.primary,
    colorTextSecondary: COLOURS.quiet,
    colorTextTertiary: COLOURS.quiet,
    colorTextDescription: COLOURS.quiet,
    colorTextPlaceholder: '#6b7486',
    colorError: COLOURS.bad,
    colorBorderSecondary: COLOURS.line,
    colorBgLayout: COLOURS.canvas,
    borderRadius: 6,
    fontSize: 14,
    fontFamily: font,
    controlHeight: 32,
  },
  components: {
    Layout: {
      headerBg: '#ffffff',
      headerHeight: SIZES.header,
      headerPadding: '0 16px',
      siderBg: '#ffffff',
      bodyBg: COLOURS.canvas,
    },
    Menu: {
      itemBorderRadius: 6,
      itemHeight: 38,
      activeBarBorderWidth: 0,
      iconSize: 15,
      itemSelectedColor: '#0e55c4',
    },
    Table: {
      headerBg: '#fafbfc',
      headerColor: '#4a5366',
      headerSplitColor: 'transparent',
      cellPaddingBlock: 11,
      cellPaddingBlockMD: 8,
      cellPaddingBlockSM: 5,
      cellPaddingInline: 12,
      cellPaddingInlineMD: 12,
      cellPaddingInlineSM: 10,
    },
    Card: { bodyPadding: 16, headerPadding: 16, headerHeight: 46, headerFontSize: 15 },
    Descriptions: { itemPaddingBottom: 10, labelColor: COLOURS.quiet },
    Form: { itemMarginBottom: 18, labelColor: '#4a5366', verticalLabelPadding: '0 0 4px' },
    Breadcrumb: {
      linkColor: COLOURS.quiet,
      itemColor: COLOURS.quiet,
      separatorColor: COLOURS.quiet,
    },
    Tabs: { horizontalMargin: '0', titleFontSize: 14 },
    Statistic: { contentFontSize: 26 },
  },
};
