import { print } from "./report.mjs";

// The article's listings: `npm run article [-- --json]`.
await print("shared/article/cli.ts");
