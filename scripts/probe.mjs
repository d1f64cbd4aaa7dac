// Health check of the server on this machine; exits with 0 if it is healthy: node scripts/probe.mjs /api/live

const [path] = process.argv.slice(2);
const { HOST = "" } = process.env;
const host = ["", "0.0.0.0", "::"].includes(HOST) ? "127.0.0.1" : HOST;
const address = `http://${host.includes(":") ? `[${host}]` : host}:${process.env.PORT || 2567}${process.env.BASE_PATH ?? ""}`;
try {
  const response = await fetch(address + path, { signal: AbortSignal.timeout(4000) });
  if (!response.ok) console.error(await response.text());
  process.exitCode = response.ok ? 0 : 1;
} catch (error) {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  console.error(`${address} does not answer: ${cause instanceof Error ? cause.message : cause}.`);
  process.exitCode = 1;
}
