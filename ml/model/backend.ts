import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import '@tensorflow/tfjs-backend-cpu';
import { setThreadsCount, setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';

export type Backend = 'wasm' | 'cpu';

let wasmIsLocated = false;

/**
 * Makes `backend` the one that every network from now on computes on. WASM runs on one thread:
 * sums are then always added in the same order, so that the same seed gives the same bits.
 * @throws Error when the backend cannot start on this machine
 */
export async function startBackend(backend: Backend = 'wasm'): Promise<void> {
  // Production mode keeps the library from advertising its native backend on the error output.
  tf.enableProdMode();
  if (backend === 'wasm') locateWasm();
  if (!(await tf.setBackend(backend))) throw new Error(`TensorFlow.js has no ${backend} backend`);
  await tf.ready();
}

/** The package cannot find its own binaries in Node. Both settings must come before its start. */
function locateWasm(): void {
  if (wasmIsLocated) return;
  const entry = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm');
  setThreadsCount(1);
  setWasmPaths(join(dirname(entry), '/'));
  wasmIsLocated = true;
}
