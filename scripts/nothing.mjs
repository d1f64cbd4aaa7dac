// Replaces packages that the server's bundle leaves out.
export {};
