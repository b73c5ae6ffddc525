// @leak map: perTenant TenantStats +480
import measure from './measure.js';

class TenantStats { // LEAK HERE
  requests = 0;
  #last = null;

  count(request) {
    this.requests++;
    this.#last = request;
    return this;
  }

  get last() {
    return this.#last;
  }
}

const perTenant = new Map();

export function count(tenant, request) {
  if (!perTenant.has(tenant)) perTenant.set(tenant, new TenantStats());
  return perTenant.get(tenant).count(request);
}

measure(round => {
  for (let i = 0; i < 160; i++) count(`tenant-${round}-${i}`, { path: '/', i });
});
