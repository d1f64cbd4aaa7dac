/** Names of renderers that have no graphics card: to them a 2D canvas is several times faster. */
const software = /swiftshader|llvmpipe|softpipe|software|basic render|swrast|lavapipe/i;

/**
 * Which of Phaser's renderers is the faster one here.
 * @param name of what renders WebGL; null where nothing does, or nothing that is fast
 */
export function rendererFor(name: string | null): "webgl" | "canvas" {
  return name === null || software.test(name) ? "canvas" : "webgl";
}

/** What renders WebGL in this browser, as it calls it; null where it says itself that it would be slow. */
export function rendererName(): string | null {
  const canvas = document.createElement("canvas");
  const gl = canvas.getContext("webgl", { failIfMajorPerformanceCaveat: true });
  if (!gl) return null;
  const unmasked = gl.getExtension("WEBGL_debug_renderer_info");
  const name = gl.getParameter(unmasked ? unmasked.UNMASKED_RENDERER_WEBGL : gl.RENDERER);
  // A page may have only a few contexts at a time.
  gl.getExtension("WEBGL_lose_context")?.loseContext();
  return String(name);
}
