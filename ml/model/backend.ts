import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import '@tensorflow/tfjs-backend-cpu';
import { setThreadsCount, setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import { loadNativeBackend } from './native-backend.ts';

/** `tensorflow` is the native library, which not every machine can install. */
export type Backend = 'tensorflow' | 'wasm' | 'cpu';

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
  if (backend === 'tensorflow' && !(await loadNativeBackend())) {
    throw new Error('TensorFlow.js has no native backend on this machine');
  }
  if (!(await tf.setBackend(backend))) throw new Error(`TensorFlow.js has no ${backend} backend`);
  await tf.ready();
}

/** Starts what scores fastest on this machine: the native library where it loads, else WASM. */
export async function startServingBackend(): Promise<Backend> {
  await startBackend((await loadNativeBackend()) ? 'tensorflow' : 'wasm');
  return runningBackend();
}

/** The backend that networks compute on now. */
export const runningBackend = (): Backend => tf.getBackend() as Backend;

/** The package cannot find its own binaries in Node. Both settings must come before its start. */
function locateWasm(): void {
  if (wasmIsLocated) return;
  const entry = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm');
  setThreadsCount(1);
  setWasmPaths(join(dirname(entry), '/'));
  wasmIsLocated = true;
}
