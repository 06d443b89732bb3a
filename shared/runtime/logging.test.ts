import { describe, expect, test } from 'vitest';
import { createLogger, type Logger, type LogLevel } from './mod.ts';

function capture(level: LogLevel, write: (log: Logger) => void): Record<string, unknown>[] {
  const lines: string[] = [];
  const log = createLogger('test', level, { instance: 'i-1' }, { write: (s) => lines.push(s) });
  write(log);
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
}

describe('a log line carries its origin and no secrets', () => {
  test.each([
    ['on top', { password: 'hush' }],
    ['one level down', { body: { refreshToken: 'hush' } }],
    ['two levels down', { request: { headers: { authorization: 'hush' } } }],
    ['personal data', { user: { email: 'hush' } }],
  ])('%s', (_place, fields) => {
    const lines = capture('info', (log) => log.info(fields, 'x'));
    expect(JSON.stringify(lines)).not.toContain('hush');
    expect(JSON.stringify(lines)).toContain('[redacted]');
  });

  test('level and time are readable, service and instance are named', () => {
    const [line] = capture('info', (log) => log.warn('careful'));
    expect(line).toMatchObject({ level: 'warn', service: 'test', instance: 'i-1', msg: 'careful' });
    expect(line?.time).toMatch(/^\d{4}-\d\d-\d\dT/);
  });

  test('an error is logged with its cause', () => {
    const err = new Error('no posting', { cause: new Error('connection lost') });
    const [line] = capture('info', (log) => log.error({ err }, 'failed'));
    expect(JSON.stringify(line)).toContain('connection lost');
  });

  test('lines below the level are not written', () => {
    expect(capture('warn', (log) => log.info('x'))).toEqual([]);
  });
});
