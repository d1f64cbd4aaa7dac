import { copyLessons } from "./copies.mjs";

// All lessons into one new file, while the server runs or not: `npm run backup -- FILE`.
await copyLessons("backup", async ({ backup }, folder, file) => {
  await backup(folder, file);
  return `All lessons in ${folder} are now in ${file}.`;
});
