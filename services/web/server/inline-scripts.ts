import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface InlinedPage {
  html: string;
  /** The only scripts that may stand in the page, as its policy names them. */
  hashes: string[];
}

/**
 * Puts small classic scripts into the page itself: each would cost a journey before anything could
 * be painted. The policy of the page allows them by what is in them, and nothing else inline.
 */
export function inlineScripts(html: string, assets: string): InlinedPage {
  const hashes: string[] = [];
  const inlined = html.replaceAll(
    /<script src="\/([\w-]+\.js)"><\/script>/g,
    (_tag, name: string) => {
      const script = readFileSync(join(assets, name), 'utf8');
      hashes.push(`'sha256-${createHash('sha256').update(script).digest('base64')}'`);
      return `<script>${script}</script>`;
    },
  );
  return { html: inlined, hashes };
}
