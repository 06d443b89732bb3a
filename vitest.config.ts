import { defineConfig } from 'vitest/config';

// Tests run on Node's own loader (native type stripping), as production does: vite's module runner
// and its transforms are off. No limit of time is there to measure anything: a machine that others
// use at the same moment must not fail a test.
const native = {
  experimental: { viteModuleRunner: false },
  expect: { poll: { timeout: 90_000 } },
} as const;

/** Files that share a process load what they import once: it halves the time of the short ones. */
const shared = { ...native, isolate: false } as const;
/** The report of a test that fails on a platform says what that complained of. */
const onPlatform = { ...native, setupFiles: 'scripts/platform/tell-troubles.ts' } as const;

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          ...shared,
          name: 'unit',
          sequence: { groupOrder: 0 },
          testTimeout: 120_000,
          hookTimeout: 120_000,
          include: ['{shared,services,scripts,ml}/**/*.test.ts'],
          exclude: [
            '**/node_modules/**',
            '**/*.int.test.ts',
            '**/*.fault.test.ts',
            '**/*.e2e.test.ts',
          ],
        },
      },
      {
        test: {
          ...shared,
          name: 'integration',
          sequence: { groupOrder: 1 },
          include: ['{shared,services,scripts}/**/*.int.test.ts'],
          exclude: ['**/node_modules/**'],
          globalSetup: ['shared/testing/global-setup.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          maxWorkers: 2,
        },
      },
      {
        test: {
          ...onPlatform,
          // Each with a platform of its own, which mostly waits: two at once.
          name: 'journeys',
          sequence: { groupOrder: 2 },
          include: ['scripts/journeys/*.fault.test.ts'],
          testTimeout: 240_000,
          hookTimeout: 240_000,
          maxWorkers: 2,
        },
      },
      {
        test: {
          ...onPlatform,
          name: 'faults',
          sequence: { groupOrder: 3 },
          include: ['{shared,services,scripts}/**/*.fault.test.ts'],
          exclude: ['**/node_modules/**', 'scripts/journeys/**'],
          testTimeout: 240_000,
          hookTimeout: 240_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          ...onPlatform,
          name: 'e2e',
          sequence: { groupOrder: 4 },
          include: ['scripts/{web,docs}/**/*.e2e.test.ts'],
          exclude: ['**/node_modules/**'],
          testTimeout: 240_000,
          hookTimeout: 240_000,
          maxWorkers: 2,
        },
      },
    ],
  },
});
