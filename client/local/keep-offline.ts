import { keepOffline } from "./offline.ts";

// The static build puts this into each of its pages.
keepOffline();
