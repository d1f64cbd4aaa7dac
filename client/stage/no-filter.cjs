// @ts-nocheck Phaser's modules are of this form, and have no types.

/** Stands in the place of each of Phaser's filters, which it names and the stage never asks for. */
module.exports = function NoFilter() {};
