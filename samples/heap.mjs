// The least that verify needs of a snapshot: small, slow, and independent of snapdiff's own reader.
import { execFileSync } from 'node:child_process';

export class Heap {
  constructor(file) {
    const json = JSON.parse(execFileSync('zstd', ['-dcq', file], { maxBuffer: 1 << 30 }));
    const { node_fields: fields, node_types: [nodeTypes], edge_types: [edgeTypes] } = json.snapshot.meta;
    const at = name => fields.indexOf(name);
    this.nodes = [];
    let edge = 0;
    for (let i = 0; i < json.nodes.length; i += fields.length) {
      const node = {
        type: nodeTypes[json.nodes[i + at('type')]],
        name: json.strings[json.nodes[i + at('name')]],
        selfBytes: json.nodes[i + at('self_size')],
        edges: [],
        location: undefined,
      };
      for (let n = json.nodes[i + at('edge_count')]; n > 0; n--, edge += 3) {
        const type = edgeTypes[json.edges[edge]];
        const name = json.edges[edge + 1];
        const numbered = type === 'element' || type === 'hidden';
        node.edges.push({ type, name: numbered ? name : json.strings[name], to: json.edges[edge + 2] / fields.length });
      }
      this.nodes.push(node);
    }
    // A row names a script by its V8 number; a closure of the same script leads to its path.
    const scripts = new Map();
    const width = json.snapshot.meta.location_fields.length;
    for (let i = 0; i < json.locations.length; i += width) {
      const node = this.nodes[json.locations[i] / fields.length];
      node.location = { script: json.locations[i + 1], line: json.locations[i + 2] + 1 };
      if (node.type === 'closure') scripts.set(node.location.script, this.#script(node));
    }
    for (const { location } of this.nodes) if (location) location.file = scripts.get(location.script);
  }

  /** The target of the first such edge, or undefined. */
  follow(node, type, name) {
    const edge = node?.edges.find(e => e.type === type && (name === undefined || e.name === name));
    return edge && this.nodes[edge.to];
  }

  #script(closure) {
    const shared = this.follow(closure, 'internal', 'shared');
    const script = this.follow(shared, 'internal', 'script') ?? this.follow(shared, 'internal', 'script_or_debug_info');
    return script?.name.replace(/^file:\/\//, '');
  }

  /** The value of a variable that functions of that file see. */
  variable(file, name) {
    for (const closure of this.nodes) {
      if (closure.type !== 'closure' || closure.location?.file !== file) continue;
      let context = this.follow(closure, 'internal', 'context');
      for (; context; context = this.follow(context, 'internal', 'previous')) {
        const value = this.follow(context, 'context', name);
        if (value) return value;
      }
    }
    return undefined;
  }

  /** Objects of a class or functions of a name that are defined in that file; only these have a location. */
  members(type, name, file) {
    return this.nodes.filter(node => node.type === type && node.name === name && node.location?.file === file);
  }
}
