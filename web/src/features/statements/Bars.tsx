/** The share of right first submissions by month, drawn without a library. */
import { useT } from '@/i18n/lang';
import { COLOURS } from '@/ui/theme';
import { shareText } from './shares';
import './statements.css';

export interface Bar {
  name: string;
  submitted: number;
  right: number;
}

const [HEIGHT, TOP, FOOT, LEFT] = [200, 20, 34, 40];

export function Bars({ bars }: { bars: Bar[] }) {
  const t = useT();
  const width = Math.max(360, LEFT + bars.length * 64);
  const room = HEIGHT - TOP - FOOT;
  const y = (share: number) => TOP + room * (1 - share);
  return (
    <div
      tabIndex={0}
      role="group"
      aria-label={t('st.accuracy.months')}
      style={{ overflowX: 'auto' }}
    >
      <svg
        className="st-bars"
        width={width}
        height={HEIGHT}
        role="img"
        aria-label={bars
          .map((bar) => `${bar.name} ${shareText(bar.right, bar.submitted)}`)
          .join(', ')}
      >
        {[0, 0.5, 1].map((share) => (
          <g key={share}>
            <line x1={LEFT} x2={width} y1={y(share)} y2={y(share)} stroke={COLOURS.line} />
            <text x={LEFT - 6} y={y(share) + 4} textAnchor="end">{share * 100}%</text>
          </g>
        ))}
        {bars.map((bar, index) => {
          const share = bar.submitted > 0 ? bar.right / bar.submitted : 0;
          const x = LEFT + index * 64 + 14;
          return (
            <g key={bar.name}>
              <title>
                {t('st.accuracy.bar', {
                  name: bar.name,
                  right: bar.right,
                  submitted: bar.submitted,
                })}
              </title>
              <rect
                x={x}
                y={y(share)}
                width={36}
                height={Math.max(1, room * share)}
                rx={3}
                fill={COLOURS.primary}
              />
              <text x={x + 18} y={y(share) - 5} textAnchor="middle">
                {shareText(bar.right, bar.submitted)}
              </text>
              <text x={x + 18} y={HEIGHT - FOOT + 14} textAnchor="middle">{bar.name}</text>
              <text x={x + 18} y={HEIGHT - FOOT + 28} textAnchor="middle">
                {bar.right}/{bar.submitted}
              </text>
            </g>
          );
        })}
      </svg>
    </div>
  );
}
