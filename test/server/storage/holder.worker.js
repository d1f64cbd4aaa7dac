import { setTimeout as wait } from "node:timers/promises";
import { parentPort, workerData } from "node:worker_threads";
import Database from "libsql";

// Holds a database as a process does that is beginning its log, and lets go after a while.
const { file, time } = workerData;
const database = new Database(file);
database.exec("begin immediate");
parentPort?.postMessage("held");
await wait(time);
database.exec("rollback");
database.close();
