class Posting {
  constructor(page) {
    this.pages = [page];
    this.first = page;
  }
}

class Visitor {
  #address;
  constructor(address) {
    this.#address = address;
    this.pages = [];
  }
  get address() { return this.#address; }
}

// LEAK: both only grow.
const postings = new Map();
const visitors = new Set();

// No leak: as many entries before as after.
const counters = new Map();

export function visit(number) {
  const page = `/page/${number}`;
  const posting = postings.get(page);
  if (posting) posting.pages.push(page);
  else postings.set(page, new Posting(page));
  if (number % 2 === 0) visitors.add(new Visitor(`2001:db8::${number.toString(16)}`));
  const hour = `hour ${number % 24}`;
  counters.set(hour, { hour, count: (counters.get(hour)?.count ?? 0) + 1 });
}

export const sizes = () => [postings.size, visitors.size, counters.size];
