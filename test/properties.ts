import fc from "fast-check";

/** One run is like another, so that a red one is about the change at hand; SEED looks elsewhere. */
fc.configureGlobal({ seed: Number(process.env.SEED ?? 2011) });
