/** What has to work for lessons to go on. */
export interface Checks {
  /** Rejects where nothing can be written. */
  readonly database: () => Promise<void>;
  /** Resolves to false, or not at all, where no thread answers. */
  readonly workers: () => Promise<boolean>;
}

export interface Health {
  readonly ok: boolean;
  readonly database: boolean;
  readonly workers: boolean;
}

/** What is silent for this long is not well, ms. */
const patience = 2000;

export async function checkHealth(checks: Checks): Promise<Health> {
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
