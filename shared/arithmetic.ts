/** Name of the arithmetic by which worlds and policies are computed; another one gives other bits. */
export const arithmetic = "stdlib-1";
