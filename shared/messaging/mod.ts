export * from './connect.ts';
export * from './headers.ts';
export type { Incoming } from './incoming.ts';
export * from './provision.ts';
export * from './publisher.ts';
export * from './reader.ts';
export * from './signing.ts';
export * from './stream-state.ts';
export * from './topology.ts';
