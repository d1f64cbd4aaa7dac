import { expose } from "comlink";
import { compare } from "./duel.ts";

/** The road takes most of a second: too long to be done between two frames. */
const duel = { compare };

export type Duel = typeof duel;

expose(duel);
