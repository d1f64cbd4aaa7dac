// @ts-nocheck The package has no types for its parts.
// Its parts need each other in a circle, which has to be entered here.
import "../../node_modules/phaser/src/renderer/index.js";

export { default } from "../../node_modules/phaser/src/renderer/webgl/WebGLRenderer.js";
