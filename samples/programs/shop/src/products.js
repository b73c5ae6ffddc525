'use strict';

class Product {
  constructor(id) {
    this.id = id;
    this.title = `Product number ${id}`;
    this.tags = ['shop', id % 2 ? 'odd' : 'even'];
  }
}

// No leak: at most LIMIT products, the oldest goes first.
const LIMIT = 100;
const cache = new Map();

exports.get = id => {
  let product = cache.get(id);
  if (product) cache.delete(id);
  else product = new Product(id);
  cache.set(id, product);
  if (cache.size > LIMIT) cache.delete(cache.keys().next().value);
  return product;
};
