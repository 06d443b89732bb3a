import { defineConfig } from 'vitest/config';

// Tests run on Node's own loader (native type stripping), as production does: vite's module runner
// and its transforms are off. No limit of time is there to measure anything: a machine that others
// use at the same moment must not fail a test.
const native = {
  experimental: { viteModuleRunner: false },
  expect: { poll: { timeout: 30_000 } },
} as const;

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          ...native,
          name: 'unit',
          testTimeout: 60_000,
          hookTimeout: 60_000,
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
          ...native,
          name: 'integration',
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
          ...native,
          // Each with a platform of its own, which mostly waits: two at once.
          name: 'journeys',
          include: ['scripts/journeys/*.fault.test.ts'],
          testTimeout: 240_000,
          hookTimeout: 240_000,
          maxWorkers: 2,
        },
      },
      {
        test: {
          ...native,
          name: 'faults',
          include: ['{shared,services,scripts}/**/*.fault.test.ts'],
          exclude: ['**/node_modules/**', 'scripts/journeys/**'],
          testTimeout: 240_000,
          hookTimeout: 240_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          ...native,
          name: 'e2e',
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
