import { createRequire } from 'node:module';

interface Pair {
  name: string;
  value: string;
  enabled?: boolean;
  local?: boolean;
}

interface FormField {
  name: string;
  type: 'text' | 'file';
  value: string | string[];
  enabled: boolean;
}

/** A request as Bruno's own reader and writer know it. */
export interface BruRequest {
  meta: { name: string; type: 'http'; seq: number | string };
  http: { method: string; url: string; body: string; auth: string };
  params?: (Pair & { type: 'query' | 'path' })[];
  headers?: Pair[];
  auth?: { bearer: { token: string } };
  body?: { json?: string; text?: string; multipartForm?: FormField[] };
  vars?: { res: Pair[] };
  assertions?: Pair[];
  docs?: string;
}

interface BruLanguage {
  jsonToBruV2(request: BruRequest): string;
  bruToJsonV2(text: string): BruRequest;
  envJsonToBruV2(environment: { variables: (Pair & { secret?: boolean })[] }): string;
  bruToEnvJsonV2(text: string): { variables: Pair[] };
  jsonToCollectionBru(collection: { meta: { name: string; seq?: number }; docs?: string }): string;
  collectionBruToJson(text: string): { meta?: { seq?: string } };
}

/** The language of Bruno's files, by the package that Bruno itself reads and writes them with. */
export const bru = createRequire(import.meta.url)('@usebruno/lang') as BruLanguage;
