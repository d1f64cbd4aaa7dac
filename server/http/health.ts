/** The parts that have to work. */
export interface Checks {
  /** Whether the process is stopping. */
  readonly stopping: () => boolean;
  /** Rejects where nothing can be written. */
  readonly database: () => Promise<void>;
  /** Resolves to false, or not at all, where no thread answers. */
  readonly workers: () => Promise<boolean>;
}

export type Health =
  | { readonly ok: boolean; readonly database: boolean; readonly workers: boolean }
  | { readonly ok: false; readonly stopping: true };

/** A check without an answer after this time has failed, ms. */
const patience = 2000;

/** Whether a path is one of the health checks. /api/health is the older name of /api/ready. */
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
