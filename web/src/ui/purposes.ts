/** What an export may be for: the purposes that the firm offers, else the usual ones. */
import { useMe } from '@/access/me';
import { useT } from '@/i18n/lang';

type Usual = 'report' | 'handover' | 'supervision' | 'audit';

/** Of clients and of their figures. */
const OF_CLIENTS: readonly Usual[] = ['report', 'handover', 'supervision', 'audit'];

export function useExportPurposes(usual: readonly Usual[] = OF_CLIENTS): string[] {
  const t = useT();
  const me = useMe();
  return me.purposes?.export ?? usual.map((key) => t(`purpose.${key}`));
}
