export * from './simulate.ts';
export { TYPOLOGIES, type Typology } from './world.ts';
