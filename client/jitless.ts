import * as z from "zod";

// The page may not make code from text, and zod's trying whether it may would be reported.
z.config({ jitless: true });
