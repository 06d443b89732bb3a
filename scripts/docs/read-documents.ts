import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../run-command.ts';

/** A code block of a document. */
export interface CodeBlock {
  language: string;
  code: string;
  /** `<!-- runnable -->` stands before it: the test command executes it. */
  runnable: boolean;
}

export interface Document {
  /** From the root of the repository. */
  path: string;
  text: string;
  blocks: CodeBlock[];
}

const BLOCK = /(<!-- runnable -->\s*)?^```(\w*)\n([\s\S]*?)^```$/gm;

/** Every Markdown file that is kept in the repository. */
export function readDocuments(): Document[] {
  const tracked = ['ls-files', '--cached', '--others', '--exclude-standard', '*.md'];
  const paths = execFileSync('git', tracked, { cwd: root, encoding: 'utf8' });
  return paths
    .split('\n')
    .filter(Boolean)
    .map((path) => {
      const text = readFileSync(join(root, path), 'utf8');
      const blocks = [...text.matchAll(BLOCK)].map(([, mark, language = '', code = '']) => ({
        language,
        code,
        runnable: mark !== undefined,
      }));
      return { path, text, blocks };
    });
}

/** The text without what is code. */
export const proseOf = ({ text }: Document): string => text.replaceAll(BLOCK, '');
