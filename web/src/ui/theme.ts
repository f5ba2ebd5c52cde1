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
  quiet: '#687186',
  good: '#389e0d',
  warn: '#d48806',
  bad: '#cf1322',
  primary: '#1677ff',
  primarySoft: '#eef5ff',
} as const;

/** Tag colours of the stages of a client. */
export const STAGE_COLOURS: Record<string, string> = {
  prospect: 'default',
  onboarding: 'processing',
  active: 'success',
  suspended: 'warning',
  ended: 'error',
  archived: 'default',
};

/** Tag colours of the levels 1 to 4. */
export const LEVEL_COLOURS = ['default', 'default', 'blue', 'gold', 'volcano'] as const;

export const theme: ThemeConfig = {
  token: {
    colorPrimary: COLOURS.primary,
    colorInfo: COLOURS.primary,
    colorText: COLOURS.text,
    colorTextSecondary: COLOURS.quiet,
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
    Menu: { itemBorderRadius: 6, itemHeight: 38, activeBarBorderWidth: 0, iconSize: 15 },
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
    Tabs: { horizontalMargin: '0', titleFontSize: 14 },
    Statistic: { contentFontSize: 26 },
  },
};
