// @leak map: cart Line +900
'use strict';
// Three hundred sessions that stay open, each with a Map of what was once in its cart.
const measure = require('./measure');

class Line { // LEAK HERE
  constructor(article, pieces) { // LEAK HERE
    this.article = article;
    this.pieces = pieces;
  }
}

class Session {
  constructor(id) {
    this.id = id;
    this.cart = new Map();
  }
}

const sessions = new Set(Array.from({ length: 300 }, (_, n) => new Session(n)));

measure(round => {
  for (const session of sessions) session.cart.set(`article ${round}`, new Line(`article ${round}`, { count: 1 }));
});
