// @ts-nocheck The package has no types for its parts.
export { default } from "../../node_modules/phaser/src/renderer/webgl/WebGLRenderer.js";
