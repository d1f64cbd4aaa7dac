export function nginx(): string | null;
