// @leak instance: SceneNode +450
'use strict';
// Each node has two places for children; a new node goes where there is room, none is ever taken away.
const measure = require('./measure');

class SceneNode { // LEAK HERE
  constructor(label) { // LEAK HERE
    this.label = label;
    this.left = undefined;
    this.right = undefined;
    this.matrix = [1, 0, 0, 1];
  }

  place(node, way) {
    const side = way & 1 ? 'left' : 'right';
    if (this[side]) this[side].place(node, way >> 1);
    else this[side] = node;
  }
}

const world = { scene: new SceneNode('root'), drawn: 0 };

measure(round => {
  for (let i = 0; i < 150; i++) world.scene.place(new SceneNode(`n${round}.${i}`), ((round * 150 + i) * 2654435761) >>> 0);
});
