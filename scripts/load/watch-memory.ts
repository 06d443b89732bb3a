import { readFileSync } from 'node:fs';

const KILOBYTES_PER_MEGABYTE = 1024;
/** Enough to see a slope: at the start, on the way, and at the end. */
const SAMPLES = 6;
const SHOWN = 4;
const EVERY_MS_MIN = 1000;

/** Resident memory in MB, or undefined where it can't be read: it is gone, or this is no Linux. */
function residentMegabytes(pid: number): number | undefined {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const kilobytes = Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]);
    return Math.round(kilobytes / KILOBYTES_PER_MEGABYTE);
  } catch {
    return undefined;
  }
}

/**
 * Samples the memory of processes while a load runs.
 * @returns stops, and tells each one's course: "ledger 120 → 180 → 175 MB"
 */
export function watchMemory(pids: Record<string, number>, seconds: number): () => string {
  const courses = new Map<string, number[]>(Object.keys(pids).map((name) => [name, []]));
  const sample = (): void => {
    for (const [name, pid] of Object.entries(pids)) {
      const megabytes = residentMegabytes(pid);
      if (megabytes !== undefined) courses.get(name)?.push(megabytes);
    }
  };
  sample();
  const timer = setInterval(sample, Math.max(EVERY_MS_MIN, (seconds * 1000) / SAMPLES));
  timer.unref();
  return () => {
    clearInterval(timer);
    sample();
    return [...courses].map(([name, course]) => `${name} ${shown(course)} MB`).join('; ');
  };
}

function shown(course: number[]): string {
  const step = Math.max(1, (course.length - 1) / (SHOWN - 1));
  const chosen = course.filter((_, index) => index % step < 1 || index === course.length - 1);
  return chosen.join(' → ');
}
