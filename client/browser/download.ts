/** Hands the person a file under this name. */
export function download(file: Blob, name: string): void {
  const url = URL.createObjectURL(file);
  const link = Object.assign(document.createElement("a"), { href: url, download: name });
  link.click();
  // The browser has taken it by the time that anything else is done.
  setTimeout(() => URL.revokeObjectURL(url), 0);
}
