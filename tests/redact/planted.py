"""Secrets of many kinds, made up from a seed, and snapshots in which they stand wherever a name or a value can stand."""
import base64
import json
import random
import string

ALNUM = string.ascii_letters + string.digits
B64 = ALNUM + "+/"
META = {
    "node_fields": ["type", "name", "id", "self_size", "edge_count", "trace_node_id", "detachedness"],
    "node_types": [["hidden", "array", "string", "object", "code", "closure", "regexp", "number", "native", "synthetic",
                    "concatenated string", "sliced string", "symbol", "bigint", "object shape"],
                   "string", "number", "number", "number", "number", "number"],
    "edge_fields": ["type", "name_or_index", "to_node"],
    "edge_types": [["context", "element", "property", "internal", "hidden", "shortcut", "weak"],
                   "string_or_number", "node"],
    "trace_function_info_fields": ["function_id", "name", "script_name", "script_id", "line", "column"],
    "trace_node_fields": ["id", "function_info_index", "count", "size", "children"],
    "sample_fields": ["timestamp_us", "last_assigned_id"],
    "location_fields": ["object_index", "script_id", "line", "column"],
}


def luhn_digit(digits):
    total = 0
    for i, c in enumerate(reversed(digits)):
        d = int(c) * (2 if i % 2 == 0 else 1)
        total += d - 9 if d > 9 else d
    return str(-total % 10)


def iban(rnd):
    account = "".join(rnd.choices(string.digits, k=18))
    rest = int(account + "131400") % 97
    return "DE%02d%s" % (98 - rest, account)


def groups(text, n):
    return " ".join(text[i:i + n] for i in range(0, len(text), n))


def of(rnd, alphabet, n):
    return "".join(rnd.choices(alphabet, k=n))


def b64json(rnd):
    text = json.dumps({"sub": of(rnd, ALNUM, 12), "iat": rnd.randrange(10 ** 9)})
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def pem(rnd):
    return ("-----BEGIN RSA PRIVATE KEY-----\n" + "\n".join(of(rnd, B64, 64) for _ in range(3)) +
            "\n-----END RSA PRIVATE KEY-----")


def card(rnd):
    digits = rnd.choice("45") + of(rnd, string.digits, 14)
    return digits + luhn_digit(digits)


# Each gives the text as it stands in the program, and the part of it that nobody may see.
def whole(fn):
    def make(rnd):
        text = fn(rnd)
        return text, text
    return make


def around(before, fn, after=""):
    def make(rnd):
        core = fn(rnd)
        return before + core + after, core
    return make


KINDS = {
    "jwt": whole(lambda r: ".".join([b64json(r), b64json(r), of(r, ALNUM, 43)])),
    "bearer": around("Bearer ", lambda r: of(r, ALNUM, 24)),
    "basic": around("Basic ", lambda r: base64.b64encode(("user:" + of(r, ALNUM, 12)).encode()).decode()),
    "aws-id": whole(lambda r: "AKIA" + of(r, string.ascii_uppercase + "234567", 16)),
    "aws-secret": whole(lambda r: of(r, B64, 40)),
    "gcp": whole(lambda r: "AIza" + of(r, ALNUM + "-_", 35)),
    "azure": whole(lambda r: of(r, ALNUM, 3) + "8Q~" + of(r, ALNUM + "_~.-", 34)),
    "azure-storage": around("DefaultEndpointsProtocol=https;AccountKey=",
                            lambda r: base64.b64encode(r.randbytes(64)).decode(), ";EndpointSuffix=x"),
    "github": whole(lambda r: "gh" + r.choice("pousr") + "_" + of(r, ALNUM, 36)),
    "slack": whole(lambda r: "xoxb-" + of(r, string.digits, 12) + "-" + of(r, ALNUM, 24)),
    "stripe": whole(lambda r: r.choice("sr") + "k_live_" + of(r, ALNUM, 24)),
    "npm": whole(lambda r: "npm_" + of(r, ALNUM, 36)),
    "private-key": whole(pem),
    "url-credentials": around("https://admin:", lambda r: of(r, ALNUM, 14), "@db.internal/app"),
    "url-token": around("https://api.internal/cb?state=1&access_token=", lambda r: of(r, ALNUM, 20), "&x=1"),
    "email": around("", lambda r: of(r, string.ascii_lowercase, 12), "@mail.example"),
    "card": whole(card),
    "card-groups": whole(lambda r: groups(card(r), 4)),
    "iban": whole(iban),
    "iban-groups": whole(lambda r: groups(iban(r), 4)),
    "phone": whole(lambda r: "+49 30 " + of(r, string.digits, 8)),
    "hex": whole(lambda r: r.randbytes(24).hex()),
    "base64": whole(lambda r: base64.b64encode(r.randbytes(48)).decode()),
    "home": around("/home/", lambda r: of(r, string.ascii_lowercase, 12), "/app/index.js"),
    "uuid": whole(lambda r: "%s-%s-4%s-a%s-%s" % tuple(of(r, "0123456789abcdef", n) for n in (8, 4, 3, 3, 12))),
}


def secrets(n, seed):
    """[(kind, text, core)], n of them, kinds in turn."""
    rnd = random.Random(seed)
    kinds = list(KINDS)
    return [(kind,) + KINDS[kind](rnd) for kind in (kinds[i % len(kinds)] for i in range(n))]


class Snapshot:
    """Nodes and edges by name, written as V8 writes them."""

    def __init__(self):
        self.strings, self.index = ["<dummy>"], {}
        self.nodes, self.edges, self.locations = [], [], []

    def string(self, text):
        if text not in self.index:
            self.index[text] = len(self.strings)
            self.strings.append(text)
        return self.index[text]

    def node(self, kind, name, size=32, place=None):
        number = len(self.nodes)
        self.nodes.append((META["node_types"][0].index(kind), self.string(name), size))
        self.edges.append([])
        if place:
            self.locations.append((number,) + place)
        return number

    def edge(self, source, kind, name, target):
        label = name if kind in ("element", "hidden") else self.string(name)
        self.edges[source].append((META["edge_types"][0].index(kind), label, target))

    def write(self, path):
        nodes = [v for i, (t, n, s) in enumerate(self.nodes) for v in (t, n, 2 * i + 1, s, len(self.edges[i]), 0, 0)]
        edges = [v for out in self.edges for t, n, to in out for v in (t, n, to * 7)]
        places = [v for n, script, line, column in self.locations for v in (n * 7, script, line, column)]
        with open(path, "w", encoding="ascii") as f:
            json.dump({"snapshot": {"meta": META, "node_count": len(self.nodes), "edge_count": len(edges) // 3,
                                    "trace_function_count": 0},
                       "nodes": nodes, "edges": edges, "trace_function_infos": [], "trace_tree": [], "samples": [],
                       "locations": places, "strings": self.strings}, f, separators=(",", ":"))


def closure(s, name, script, number, line):
    """A function with its code and the script it stands in."""
    f = s.node("closure", name, 64, (number, line, 4))
    shared = s.node("code", name, 48)
    s.edge(f, "internal", "shared", shared)
    s.edge(shared, "internal", "script_or_debug_info", script)
    return f


def keys(s, h, number, text, i, item):
    s.edge(h["keys"], "property", text + "#%d" % i if i else text, item)


def functions(s, h, number, text, i, item):
    s.edge(h["functions"], "element", number * 100 + i, closure(s, text, h["app"], 1000, i))


def files(s, h, number, text, i, item):
    script = s.node("code", "/srv/" + text + "/index.js", 100)
    s.edge(h["functions"], "element", 50000 + number * 100 + i, closure(s, "handler", script, 1001 + number, i))


def classes(s, h, number, text, i, item):
    s.edge(h["classes"], "element", number * 100 + i, s.node("object", text, 200, (1001 + number, 1, 1)))


def shapes(s, h, number, text, i, item):
    """An object whose class is told by its properties, and V8's own description of them."""
    plain = s.node("object", "Object", 56)
    s.edge(h["shapes"], "element", number * 100 + i, plain)
    s.edge(plain, "property", text, item)
    s.edge(plain, "property", "id", item)
    s.edge(plain, "internal", "map", s.node("object shape", "system / Map (" + text + ")", 80))


def contexts(s, h, number, text, i, item):
    context = s.node("object", "system / Context", 32)
    s.edge(h["contexts"], "element", number * 100 + i, context)
    s.edge(context, "context", text, s.node("object", "Item", 40))


def symbols(s, h, number, text, i, item):
    s.edge(item, "property", "<symbol %s>" % text, s.node("object", "Item", 40))


def strings(s, h, number, text, i, item):
    s.edge(item, "property", "value", s.node("string", text + " %d" % i if i else text, len(text) + 16))


def cons(s, h, number, text, i, item):
    half = len(text) // 2
    both = s.node("concatenated string", "(concatenated string)", 32)
    s.edge(item, "property", "text", both)
    s.edge(both, "internal", "first", s.node("string", text[:half], half + 16))
    s.edge(both, "internal", "second", s.node("string", text[half:], len(text) - half + 16))


def sliced(s, h, number, text, i, item):
    part = s.node("sliced string", "(sliced string)", 32)
    s.edge(item, "property", "part", part)
    s.edge(part, "internal", "parent", s.node("string", "see " + text + " there", len(text) + 26))


def nodes_of_pages(s, h, number, text, i, item):
    s.edge(h["page"], "element", number * 100 + i, s.node("native", '<a href="/" id="%s" class="x">' % text, 80))


def attributes(s, h, number, text, i, item):
    s.edge(h["page"], "element", number * 100 + i, s.node("native", '<a href="%s" class="x">' % text, 80))


def patterns(s, h, number, text, i, item):
    s.edge(item, "property", "pattern", s.node("regexp", text, 56))


def events(s, h, number, text, i, item):
    """Listeners of one emitter, many to an event."""
    if "emitter" not in h:
        h["emitter"] = s.node("object", "EventEmitter", 40)
        h["events"] = s.node("object", "Object", 40)
        s.edge(h["top"], "property", "bus", h["emitter"])
        s.edge(h["emitter"], "property", "_events", h["events"])
    if i == 0:
        h["listeners"] = s.node("object", "Array", 32)
        s.edge(h["events"], "property", text, h["listeners"])
    s.edge(h["listeners"], "element", i, closure(s, "listen", h["app"], 1000, 9))


def map_keys(s, h, number, text, i, item):
    if "table" not in h:
        the_map, h["table"] = s.node("object", "Map", 32), s.node("array", "", 9000)
        s.edge(h["top"], "property", "cache", the_map)
        s.edge(the_map, "internal", "table", h["table"])
    at = 2 * (number * 10 + i)
    s.edge(h["table"], "internal", str(at), s.node("string", text + "#%d" % i, len(text) + 16))
    s.edge(h["table"], "internal", str(at + 1), item)


def weak_maps(s, h, number, text, i, item):
    s.edge(item, "internal", "%d / part of key (%s @7) -> value (%s @9) pair in WeakMap (table @11)" % (i + 1, text, text),
           s.node("object", "Item", 40))


# Where a text can stand; those that are values are seen with --show-values only, if at all.
PLACES = (keys, functions, files, classes, shapes, contexts, symbols, strings, cons, sliced, nodes_of_pages, attributes, patterns, events, map_keys,
          weak_maps)
VALUES = (strings, cons, sliced, attributes, patterns, map_keys)


def snapshot(found, copies, places=PLACES):
    """Each secret in each place, `copies` times."""
    s = Snapshot()
    root = s.node("synthetic", "", 0)
    s.edge(root, "element", 1, s.node("synthetic", "(GC roots)", 0))
    top = s.node("object", "global", 40)
    s.edge(root, "shortcut", "2", top)
    holder = {"top": top, "app": s.node("code", "/srv/app.js", 100)}
    for name in ("keys", "functions", "classes", "shapes", "contexts", "page", "items"):
        kind = "Object" if name == "keys" else "Array"
        holder[name] = s.node("object", kind, 32)
        s.edge(top, "property", name + "Table", holder[name])
    for number, (_, text, _) in enumerate(found):
        for i in range(copies):
            item = s.node("object", "Item", 40, (7, 3, 4))
            s.edge(holder["items"], "element", number * 100 + i, item)
            for place in places:
                place(s, holder, number, text, i, item)
    return s
