export * from './apply-event.ts';
export * from './extract-features.ts';
export * from './feature-table.ts';
export * from './florin-events.ts';
export * from './folded-event.ts';
export * from './parking.ts';
export { LINK_CELLS } from './link-table.ts';
export {
  addProfile,
  createProfiles,
  type Copying,
  type Profile,
  type Profiles,
} from './profiles.ts';
export * from './snapshot.ts';
export * from './usual-values.ts';
