import { runService } from '../mod.ts';

// A service of nothing but its lifecycle, for service.int.test.ts. Its argument says how it ends.
const ending = process.argv[2];

await runService('echo', { logLevel: 'info', metricsPort: 0 }, async ({ log, onStop }) => {
  onStop('first', async () => log.info('first given back'));
  if (ending === 'start-fails') throw new Error('no database');
  if (ending === 'stop-fails') onStop('second', () => Promise.reject(new Error('stuck')));
  if (ending === 'crash') setImmediate(() => void Promise.reject(new Error('a forgotten promise')));
  // Something must keep a real service busy; here it is the operations server.
  return { url: 'http://127.0.0.1:1' };
});
