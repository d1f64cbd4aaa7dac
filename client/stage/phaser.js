// @ts-nocheck The types are those of the package, in whose place this stands.
import "../../node_modules/phaser/src/cameras/2d/CameraManager.js";
import Constants from "../../node_modules/phaser/src/const.js";
import Game from "../../node_modules/phaser/src/core/Game.js";
import "../../node_modules/phaser/src/events/EventEmitter.js";
import "../../node_modules/phaser/src/gameobjects/DisplayList.js";
import "../../node_modules/phaser/src/gameobjects/GameObjectCreator.js";
import "../../node_modules/phaser/src/gameobjects/GameObjectFactory.js";
import "../../node_modules/phaser/src/gameobjects/graphics/GraphicsFactory.js";
import "../../node_modules/phaser/src/gameobjects/image/ImageFactory.js";
import "../../node_modules/phaser/src/gameobjects/UpdateList.js";
import ScaleModes from "../../node_modules/phaser/src/scale/const/SCALE_MODE_CONST.js";
import Scene from "../../node_modules/phaser/src/scene/Scene.js";
import "../../node_modules/phaser/src/scene/ScenePlugin.js";

/**
 * What the stage uses of Phaser. Its package is one file with everything, physics, loaders and filters
 * included, of which a bundler can leave nothing out.
 */
export default {
  CANVAS: Constants.CANVAS,
  Game,
  Scale: { NONE: ScaleModes.NONE },
  Scene,
  WEBGL: Constants.WEBGL,
};
