// @leak linked-list: Step +750
'use strict';
const measure = require('./measure');

class Step { // LEAK HERE
  constructor(state, previous) { // LEAK HERE
    this.state = state;
    this.previous = previous;
  }
}

class Editor {
  constructor() {
    this.newest = null;
    this.text = '';
  }

  type(character) {
    this.newest = new Step({ cursor: this.text.length, character }, this.newest);
    this.text = (this.text + character).slice(-80);
  }
}

const editor = new Editor();

measure(round => {
  for (let i = 0; i < 250; i++) editor.type(String.fromCharCode(97 + ((round + i) % 26)));
});
