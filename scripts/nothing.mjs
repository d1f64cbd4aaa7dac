// In the place of packages that the server's bundle does without.
export {};
