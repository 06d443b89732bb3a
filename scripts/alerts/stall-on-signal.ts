// node --import ./scripts/alerts/stall-on-signal.ts services/notifications/main.ts
//
// After SIGUSR2 the event loop stands still for moments, as work does that takes long in one go;
// after another one no more.
const STILL_MS = 400;
/** More often than figures are read: each reading must show one. */
const EVERY_MS = 600;

const never = new Int32Array(new SharedArrayBuffer(4));
let timer: NodeJS.Timeout | undefined;

process.on('SIGUSR2', () => {
  if (timer === undefined) timer = setInterval(() => Atomics.wait(never, 0, 0, STILL_MS), EVERY_MS);
  else {
    clearInterval(timer);
    timer = undefined;
  }
});
