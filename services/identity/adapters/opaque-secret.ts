import { hash, randomBytes } from 'node:crypto';

/** 256 random bits as text: nobody guesses them, and they mean nothing without our table. */
export const newRefreshToken = (): string => randomBytes(32).toString('base64url');

/** What is stored of a refresh token or a machine's secret: its SHA-256. */
export const secretHash = (secret: string): Buffer => hash('sha256', secret, 'buffer');
