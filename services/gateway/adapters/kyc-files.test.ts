import type { ObjectStore } from '@florin/messaging';
import { describe, expect, test } from 'vitest';
import { createKycFiles } from './kyc-files.ts';

function opened() {
  const stored = new Map<string, Uint8Array>();
  const store: ObjectStore = {
    put: async (name, content) => void stored.set(name, content),
    get: async (name) => stored.get(name) ?? null,
    remove: async (name) => void stored.delete(name),
  };
  return { stored, files: createKycFiles(store) };
}

const content = Buffer.from('the passport of Ada');

describe('hunts files that the store can read, or change unnoticed', () => {
  test('what lies there is not what was handed in, and opens with its key only', async () => {
    const { stored, files } = opened();
    const file = await files.put(content);
    expect(Buffer.from([...stored.values()][0] ?? []).toString('latin1')).not.toContain('Ada');
    expect(await files.open(file)).toEqual(content);
    const { fileKey } = await files.put(content);
    await expect(files.open({ ...file, fileKey })).rejects.toThrow(/unable to authenticate/i);
  });

  test('a changed file, or one put in the place of another, does not open', async () => {
    const { stored, files } = opened();
    const [mine, yours] = [await files.put(content), await files.put(content)];
    const sealed = Buffer.from(stored.get(mine.objectName) ?? []);
    stored.set(yours.objectName, sealed);
    await expect(files.open({ ...mine, objectName: yours.objectName })).rejects.toThrow(
      /unable to authenticate/i,
    );
    sealed[20] = (sealed[20] ?? 0) ^ 1;
    stored.set(mine.objectName, sealed);
    await expect(files.open(mine)).rejects.toThrow(/unable to authenticate/i);
  });

  test('one that was removed is gone', async () => {
    const { files } = opened();
    const file = await files.put(content);
    await files.remove(file.objectName);
    expect(await files.open(file)).toBeNull();
  });
});
