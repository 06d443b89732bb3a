export * from './artefact.ts';
export * from './decision.ts';
export * from './input-encoding.ts';
export * from './manifest.ts';
export * from './reasons.ts';
export * from './scorer.ts';
