import { copyLessons } from "./copies.mjs";

// A backup in the place of all lessons, while no server runs: `npm run restore -- FILE`.
await copyLessons("restore", async ({ restore }, folder, file) => {
  const kept = await restore(folder, file);
  return [
    `The lessons in ${folder} are now those of ${file}.`,
    ...(kept ? [`Those that were there before are in ${kept}.`] : []),
  ].join("\n");
});
