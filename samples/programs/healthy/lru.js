'use strict';

class Page {
  constructor(url) {
    this.url = url;
    this.words = `the text of ${url}`.split(' ');
  }
}

const LIMIT = 1000;
const pages = new Map();

exports.page = url => {
  const page = pages.get(url) ?? new Page(url);
  pages.delete(url);
  pages.set(url, page);
  if (pages.size > LIMIT) pages.delete(pages.keys().next().value);
  return page;
};
