import { useMemo } from 'react';
import { guillochePath, ringsOf } from './guilloche-path.ts';

/** The engraved rosette behind wallets, for decoration only. */
export function Guilloche({ seed, className }: { seed: string; className?: string }) {
  const path = useMemo(() => guillochePath(ringsOf(seed)), [seed]);
  return (
    <svg viewBox="-101 -101 202 202" className={className} aria-hidden>
      <path
        d={path}
        fill="none"
        stroke="currentColor"
        strokeWidth="1"
        vectorEffect="non-scaling-stroke"
      />
    </svg>
  );
}
