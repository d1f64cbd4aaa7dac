import type { AliasOptions } from "vite";

/** How the server is bundled. */
export const bundle: {
  readonly ssr: { readonly noExternal: true; readonly external: string[] };
  readonly resolve: { readonly alias: AliasOptions };
  readonly treeshake: { readonly moduleSideEffects: (id: string) => boolean };
};
