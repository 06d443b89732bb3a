import { existsSync } from 'node:fs';

const PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/** A real Chromium of this machine (or of CHROMIUM), undefined where there is none. */
export const findChromium = (): string | undefined =>
  [process.env['CHROMIUM'] ?? '', ...PLACES].find((path) => path !== '' && existsSync(path));

/** What to do about it, for whoever reads that something was left out. */
export const CHROMIUM_MISSING =
  'no Chromium found: install one (apt-get install chromium) or name it in CHROMIUM';
