import { describe, expect, test } from 'vitest';
import { weaknessOf } from './password-policy.ts';

const personal = ['ada.lovelace@example.com', 'Ada Lovelace'];

describe('hunts passwords that an attacker tries first', () => {
  test.each([
    ['short', 'too-short'],
    ['x'.repeat(201), 'too-long'],
    ['1234567890', 'breached'],
    ['PASSWORD123', 'breached'],
    ['qwertyuiop', 'breached'],
    ['password123!', 'guessable'],
    ['aaaaaaaaaaaaaaaa', 'guessable'],
    ['lovelace1815', 'guessable'],
    ['ada.lovelace@example.com', 'guessable'],
    ['abcdefghijkl', 'guessable'],
  ])('%s is %s', (password, weakness) => expect(weaknessOf(password, personal)).toBe(weakness));
});

describe('hunts rules that keep people from good passwords', () => {
  test.each([
    'correct horse battery',
    'korrektes pferd',
    'S3cure-pass-1',
    'Ünïcödé straße 12',
    'nW4kq0vP2x',
  ])('%s is fine', (password) => expect(weaknessOf(password, personal)).toBeUndefined());
});
