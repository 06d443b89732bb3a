import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { bru, type BruRequest } from './bru-language.ts';

export interface CollectionRequest extends BruRequest {
  /** From the collection's folder. */
  file: string;
}

export interface Collection {
  folder: string;
  /** In the order in which Bruno runs them. */
  requests: CollectionRequest[];
  variables: Record<string, string>;
}

const isRequest = (name: string): boolean => name.endsWith('.bru') && name !== 'folder.bru';

/** Reads a collection as Bruno does: folders in their order, and in each the requests in theirs. */
export function readCollection(folder: string): Collection {
  const read = (path: string): string => readFileSync(join(folder, path), 'utf8');
  const folders = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(folder, entry.name, 'folder.bru')))
    .map(({ name }) => {
      const { meta } = bru.collectionBruToJson(read(`${name}/folder.bru`));
      return { name, seq: Number(meta?.seq) };
    })
    .toSorted((a, b) => a.seq - b.seq);
  const requests = folders.flatMap(({ name }) =>
    readdirSync(join(folder, name))
      .filter(isRequest)
      .map((file) => ({ ...bru.bruToJsonV2(read(`${name}/${file}`)), file: `${name}/${file}` }))
      .toSorted((a, b) => Number(a.meta.seq) - Number(b.meta.seq)),
  );
  const { variables } = bru.bruToEnvJsonV2(read('environments/local.bru'));
  return {
    folder,
    requests,
    variables: Object.fromEntries(variables.map(({ name, value }) => [name, value])),
  };
}
