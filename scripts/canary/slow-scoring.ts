// node --import ./scripts/canary/slow-scoring.ts services/fraud/main.ts
//
// A version of fraud that somebody wrote without measuring it: its event loop stands still for most
// of the time, as it does when work that takes long is done in one go.
const STILL_MS = 400;
const EVERY_MS = 500;

const never = new Int32Array(new SharedArrayBuffer(4));
setInterval(() => Atomics.wait(never, 0, 0, STILL_MS), EVERY_MS).unref();
