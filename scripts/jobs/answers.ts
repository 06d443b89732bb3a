// node scripts/jobs/answers.ts <url> …
//
// Ends with 0 when every address answers with a status below 400: what `helm test` asks of a
// service that has one.
const addresses = process.argv.slice(2);
if (addresses.length === 0) throw new Error('say which addresses must answer');
const WITHIN_MS = 10_000;

for (const address of addresses) {
  const { status } = await fetch(address, { signal: AbortSignal.timeout(WITHIN_MS) });
  console.log(`${status} ${address}`);
  if (status >= 400) process.exitCode = 1;
}
