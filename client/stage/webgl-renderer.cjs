// @ts-nocheck Phaser's modules are of this form, and have no types.

/** Stands where Phaser names its renderer for graphics cards, whose code has come by then if it is asked for. */
function WebGLRenderer(game) {
  return new WebGLRenderer.renderer(game);
}
WebGLRenderer.renderer = null;
module.exports = WebGLRenderer;
