import { expect, test } from 'vitest';
import german from './de.ts';
import germanConsole from './de-console.ts';
import germanControl from './de-control.ts';
import germanMore from './de-more.ts';
import english from './en.ts';
import englishConsole from './en-console.ts';
import englishControl from './en-control.ts';
import englishMore from './en-more.ts';

interface Texts {
  [key: string]: string | Texts;
}

/** Every text by its whole key. */
const flatten = (texts: Texts, prefix = ''): [string, string][] =>
  Object.entries(texts).flatMap(([key, value]) =>
    typeof value === 'string'
      ? [[prefix + key, value] as [string, string]]
      : flatten(value, `${prefix}${key}.`),
  );

const variablesOf = (text: string): string[] => (text.match(/\{\{\w+\}\}/g) ?? []).toSorted();

test.each([
  ['the wallet', english, german],
  ['its further pages', englishMore, germanMore],
  ['the console', englishConsole, germanConsole],
  ['what steers', englishControl, germanControl],
] as [string, Texts, Texts][])(
  'no text of %s is missing in a language, empty, or silent about a fact',
  (_part, one, other) => {
    const [ours, theirs] = [flatten(one), new Map(flatten(other))];
    expect([...theirs.keys()].toSorted()).toEqual(ours.map(([key]) => key).toSorted());
    for (const [key, text] of ours) {
      const translated = theirs.get(key) ?? '';
      expect([key, translated.trim() === '']).toEqual([key, false]);
      expect([key, variablesOf(translated)]).toEqual([key, variablesOf(text)]);
    }
  },
);
