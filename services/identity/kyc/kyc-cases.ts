import type { Deps } from '../deps.ts';
import { createDecideDocument } from './decide-document.ts';
import {
  createAddDocument,
  createGetDocument,
  createGetPerson,
  createListDocuments,
} from './documents.ts';
import type { KycCase, KycRequestName } from './kyc-case.ts';

export type KycCases = { [Name in KycRequestName]: KycCase<Name> };

export const createKycCases = (
  deps: Pick<Deps, 'db' | 'clock' | 'vault' | 'wake' | 'log'>,
): KycCases => ({
  addDocument: createAddDocument(deps),
  getPerson: createGetPerson(deps),
  listDocuments: createListDocuments(deps),
  getDocument: createGetDocument(deps),
  decideDocument: createDecideDocument(deps),
});
