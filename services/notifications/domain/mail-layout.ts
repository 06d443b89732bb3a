import type { Locale } from '@florin/contracts';

const ESCAPES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text that means nothing to a browser but itself. */
export const escapeHtml = (text: string): string =>
  text.replaceAll(/[&<>"']/g, (character) => ESCAPES[character] ?? character);

const LINK = /^https?:\/\/\S+$/;

/** A paragraph that is nothing but an address is a link; inside of others none is made. */
function paragraphOf(text: string): string {
  const escaped = escapeHtml(text).replaceAll('\n', '<br>');
  return LINK.test(text) ? `<a href="${escaped}" style="color:#0b6b5d">${escaped}</a>` : escaped;
}

/**
 * The text of a mail as HTML: its paragraphs, in a plain frame that mail programs understand. No
 * images and nothing from elsewhere: whoever reads it is not watched.
 */
export function htmlOf(locale: Locale, subject: string, text: string): string {
  const paragraphs = text
    .trim()
    .split(/\n{2,}/)
    .map((one) => `<p style="margin:0 0 16px">${paragraphOf(one)}</p>`);
  return [
    `<!doctype html><html lang="${locale}"><head><meta charset="utf-8">`,
    `<title>${escapeHtml(subject)}</title></head>`,
    '<body style="margin:0;padding:24px;background:#f5f5f4;color:#1c1917;',
    'font:16px/1.5 system-ui,sans-serif">',
    '<div style="max-width:36em;margin:0 auto;padding:24px;background:#fff;border-radius:12px">',
    ...paragraphs,
    '</div></body></html>',
  ].join('');
}
