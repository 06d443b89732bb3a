export * from './assert.ts';
export * from './clock.ts';
export * from './faults.ts';
export * from './ids.ts';
export * from './ipv6-network.ts';
export * from './money.ts';
export * from './result.ts';
