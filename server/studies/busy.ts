/** More wants to be done than is; who asked may ask again. */
export class Busy extends Error {}
