export * from './artefact.ts';
export * from './input-encoding.ts';
export * from './manifest.ts';
export * from './scorer.ts';
