import holder from "./webgl-renderer.cjs";

/** Fetches the renderer for graphics cards; false where it could not be had. */
export async function loadWebGL(): Promise<boolean> {
  try {
    const { default: renderer } = await import("./webgl-parts.js");
    holder.renderer = renderer;
    return true;
  } catch {
    return false;
  }
}
