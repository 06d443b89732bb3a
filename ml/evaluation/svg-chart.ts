/** A line, dots, or bars over named places. */
export interface Series {
  name: string;
  points: [number, number][];
  marks?: 'line' | 'dots' | 'bars';
}

export interface Chart {
  title: string;
  x: Axis;
  y: Axis;
  series: Series[];
}

export interface Axis {
  label: string;
  from: number;
  to: number;
  /** Values that get a tick, with their text. */
  ticks: [number, string][];
}

const WIDTH = 640;
const HEIGHT = 400;
const LEFT = 70;
const RIGHT = 20;
const TOP = 40;
const BOTTOM = 90;
/** Distinguishable also without colour vision (Okabe and Ito). */
const COLOURS = ['#0072b2', '#e69f00', '#009e73', '#cc79a7'];

/** Ticks at equal steps, written with few digits. */
export const evenTicks = (from: number, to: number, count: number): [number, string][] =>
  Array.from({ length: count + 1 }, (_, i) => {
    const value = from + ((to - from) * i) / count;
    return [value, String(Number(value.toPrecision(3)))];
  });

const escape = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
const px = (value: number): string => value.toFixed(1);

/** A chart as an SVG document. The same data gives the same text. */
export function drawChart({ title, x, y, series }: Chart): string {
  const placeX = (value: number): number =>
    LEFT + ((value - x.from) / (x.to - x.from)) * (WIDTH - LEFT - RIGHT);
  const placeY = (value: number): number =>
    HEIGHT - BOTTOM - ((value - y.from) / (y.to - y.from)) * (HEIGHT - TOP - BOTTOM);
  const drawn = series.map((one, at) => drawSeries(one, at, series.length, placeX, placeY));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" ` +
      'font-family="sans-serif" font-size="12">',
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="white"/>`,
    `<text x="${LEFT}" y="20" font-size="15">${escape(title)}</text>`,
    ...y.ticks.map(([value, text]) => horizontal(placeY(value), text)),
    ...x.ticks.map(([value, text]) => vertical(placeX(value), text)),
    `<text x="${WIDTH / 2}" y="${HEIGHT - 28}" text-anchor="middle">${escape(x.label)}</text>`,
    `<text transform="translate(16 ${HEIGHT / 2}) rotate(-90)" text-anchor="middle">` +
      `${escape(y.label)}</text>`,
    ...drawn,
    ...series.map(({ name }, at) => legend(name, at)),
    '</svg>\n',
  ].join('\n');
}

const horizontal = (at: number, text: string): string =>
  `<path d="M${LEFT} ${px(at)}H${WIDTH - RIGHT}" stroke="#ddd"/>` +
  `<text x="${LEFT - 6}" y="${px(at + 4)}" text-anchor="end">${escape(text)}</text>`;

const vertical = (at: number, text: string): string =>
  `<path d="M${px(at)} ${HEIGHT - BOTTOM}v5" stroke="#888"/>` +
  `<text transform="translate(${px(at)} ${HEIGHT - BOTTOM + 18}) rotate(${
    text.length > 6 ? -20 : 0
  })" text-anchor="${text.length > 6 ? 'end' : 'middle'}">${escape(text)}</text>`;

const legend = (name: string, at: number): string =>
  `<rect x="${LEFT + at * 150}" y="${HEIGHT - 18}" width="12" height="12" fill="${colour(at)}"/>` +
  `<text x="${LEFT + at * 150 + 17}" y="${HEIGHT - 8}">${escape(name)}</text>`;

const colour = (at: number): string => COLOURS[at % COLOURS.length] as string;

const BAR = 14;

function drawSeries(
  { points, marks = 'line' }: Series,
  at: number,
  count: number,
  placeX: (value: number) => number,
  placeY: (value: number) => number,
): string {
  const placed = points.map(([x, y]) => [placeX(x), placeY(y)] as const);
  if (marks === 'dots') {
    return placed
      .map(([x, y]) => `<circle cx="${px(x)}" cy="${px(y)}" r="4" fill="${colour(at)}"/>`)
      .join('');
  }
  if (marks === 'bars') {
    const shift = (at - count / 2) * BAR;
    const floor = HEIGHT - BOTTOM;
    return placed
      .map(
        ([x, y]) =>
          `<rect x="${px(x + shift)}" y="${px(y)}" width="${BAR - 1}" ` +
          `height="${px(floor - y)}" fill="${colour(at)}"/>`,
      )
      .join('');
  }
  const path = placed.map(([x, y], i) => `${i === 0 ? 'M' : 'L'}${px(x)} ${px(y)}`).join('');
  return `<path d="${path}" fill="none" stroke="${colour(at)}" stroke-width="2"/>`;
}
