/** What a URL asks for under the base path, beginning with "/"; null where it is not under it. */
export function within(basePath: string, url: string): string | null {
  if (basePath === "") return url;
  return url.startsWith(`${basePath}/`) ? url.slice(basePath.length) : null;
}

/** The URL of the page where `url` lacks only the "/" at the end of the base path; null for all others. */
export function withSlash(basePath: string, url: string): string | null {
  const query = url.slice(basePath.length);
  const isBare = basePath !== "" && url.startsWith(basePath) && /^(\?|$)/.test(query);
  return isBare ? `${basePath}/${query}` : null;
}
