export * from './apply-event.ts';
export * from './extract-features.ts';
export * from './feature-table.ts';
export * from './florin-events.ts';
export * from './folded-event.ts';
export * from './parking.ts';
export { createProfiles, type Profiles } from './profiles.ts';
export * from './snapshot.ts';
export * from './usual-values.ts';
