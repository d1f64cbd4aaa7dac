/** What has to work for lessons to go on. */
export interface Checks {
  /** Whether the process is about to end. */
  readonly stopping: () => boolean;
  /** Rejects where nothing can be written. */
  readonly database: () => Promise<void>;
  /** Resolves to false, or not at all, where no thread answers. */
  readonly workers: () => Promise<boolean>;
}

export type Health =
  | { readonly ok: boolean; readonly database: boolean; readonly workers: boolean }
  | { readonly ok: false; readonly stopping: true };

/** What is silent for this long is not well, ms. */
const patience = 2000;

/** Where whatever keeps the server running asks how it is: /api/health is what /api/ready was called. */
export function isProbe(path: string): boolean {
  return path === "/api/live" || path === "/api/ready" || path === "/api/health";
}

export async function checkHealth(checks: Checks): Promise<Health> {
  if (checks.stopping()) return { ok: false, stopping: true };
  const [database, workers] = await Promise.all([
    isWell(() => checks.database().then(() => true)),
    isWell(checks.workers),
  ]);
  return { ok: database && workers, database, workers };
}

async function isWell(check: () => Promise<boolean>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), patience);
  });
  try {
    return await Promise.race([check(), silence]);
  } catch {
    return false;
  } finally {
    clearTimeout(timer);
  }
}
