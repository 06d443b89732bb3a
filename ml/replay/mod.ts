export * from './describe-replay.ts';
export * from './replay-decisions.ts';
