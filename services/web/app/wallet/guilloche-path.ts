/** A ring of waves: how many there are around it, where it lies, how high they swing. */
interface Ring {
  waves: number;
  radius: number;
  swing: number;
  /** The same wave, drawn this often, each a step further around. */
  strands: number;
}

const POINTS_PER_STRAND = 180;

const numberOf = (seed: string): number =>
  Array.from(seed).reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) >>> 0, 7);

/** The rings of a rosette for each text: the same ones always, and others for others. */
export function ringsOf(seed: string): Ring[] {
  const number = numberOf(seed);
  const waves = 6 + (number % 7);
  return [
    { waves, radius: 72, swing: 26, strands: 8 },
    { waves: waves * 2, radius: 36 + (number % 5), swing: 12, strands: 5 },
  ];
}

function strandPath({ waves, radius, swing, strands }: Ring, strand: number): string {
  const phase = (strand / strands) * 2 * Math.PI;
  const points = Array.from({ length: POINTS_PER_STRAND }, (_, step) => {
    const angle = (step / POINTS_PER_STRAND) * 2 * Math.PI;
    const reach = radius + swing * Math.sin(waves * angle + phase);
    return `${(reach * Math.cos(angle)).toFixed(1)} ${(reach * Math.sin(angle)).toFixed(1)}`;
  });
  return `M${points.join('L')}Z`;
}

/** The fine weave that is engraved on banknotes, as an SVG path around 0 of radius 100. */
export const guillochePath = (rings: readonly Ring[]): string =>
  rings
    .flatMap((ring) =>
      Array.from({ length: ring.strands }, (_, strand) => strandPath(ring, strand)),
    )
    .join('');
