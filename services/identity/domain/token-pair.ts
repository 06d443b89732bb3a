import type { tokenPair } from '@florin/contracts';
import type { z } from 'zod';
import { ACCESS_TOKEN_SECONDS } from './access-token.ts';

export type TokenPair = z.infer<typeof tokenPair>;

export const pairOf = (accessToken: string, refreshToken: string): TokenPair => ({
  accessToken,
  refreshToken,
  tokenType: 'Bearer',
  expiresIn: ACCESS_TOKEN_SECONDS,
});
