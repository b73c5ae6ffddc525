"""One corpus of strings that try to act in a report, and inputs that are full of them.

In a snapshot each is the name of a class, property, function, file, event and URL (and of a context variable, a key of a Map,
a node of the browser's, a type of nodes or edges), in profiles of a function, file, URL, package, thread, event and label. corpus.write(FOLDER) makes
the files; as a program, corpus.py FOLDER, also a pair of snapshots with all of them.
"""
import json
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "redact"))
import planted  # noqa: E402

NAMES = [
    # HTML, SVG, attributes, scripts, style sheets, comments
    "<script>alert(1)</script>", "</script><script>alert(1)//", "<!--<script>", "--><img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>", "\" onmouseover=\"alert(1)", "' autofocus onfocus='alert(1)", "</title></style></textarea><b>x",
    "<a href=javascript:alert(1)>x</a>", "<iframe src=//evil.example>", "<base href=//evil.example/>", "&lt;b&gt;&amp;&#60;",
    "<math><mi xlink:href=\"data:x,<script>alert(1)</script>\">", "]]><x>", "<?xml version='1.0'?><!DOCTYPE x [<!ENTITY e 'x'>]>&e;",
    "%3Cscript%3E", "\u003cimg\u003e", "${alert(1)}", "{{constructor.constructor('alert(1)')()}}", "__proto__", "constructor",
    # addresses
    "javascript:alert(1)", "JaVaScRiPt:alert(1)//", "data:text/html,<script>alert(1)</script>", "vbscript:x", "//evil.example/x.js",
    "https://evil.example/x.js?a=b#c", "http://evil.example\\@good.example/", "file:///etc/passwd", "../../../../etc/passwd",
    "https://evil.example/\"><img src=x>", "www.evil.example", "mail@evil.example", "mailto:a@evil.example", "xmpp:a@evil.example",
    # Markdown of several dialects: tables, links, pictures, headings, code, mentions, references, emoji, mathematics
    "a|b", "a\\|b\\\\|c", "|---|---|", "`code` ``more`` ```", "``` \n~~~", "[x](https://evil.example)", "![x](https://evil.example/x.png)",
    "[x]: https://evil.example", "[[x]]", "<https://evil.example>", "*b* _i_ **b** ~~s~~", "# heading", "- [ ] task", "> quote", "1. one",
    "@everyone", "@evil/team", "#123", "GH-123", "evil/repo#123", "!123", "$123", "%123", "~label", "&123", "JIRA-123", "^note[x]", "[^1]",
    "0123456789abcdef0123456789abcdef01234567", ":tada:", "$x^2$", "$$x$$", "<details><summary>x</summary>", "---", "===", "    code",
    # cells of spreadsheets
    "=cmd|' /C calc'!A0", "=HYPERLINK(\"https://evil.example\")", "+1+1", "-1+1", "@SUM(1)", "\t=1+1", "\r=1+1", "\n=1+1", "\"=1+1\"",
    "\uff1d1+1", "a\tb\tc", "a,b,c", "a;b;c", "'=1+1",
    # terminals, lines, characters
    "\x1b[31mred\x1b[0m", "\x1b]8;;https://evil.example\x07x\x1b]8;;\x07", "\x1b]0;title\x07", "\x9b31m", "\x07\x08\x7f", "line\nline\rline",
    "nul\0nul", "\u2028\u2029\x85", "\u202egnp.exe\u202c", "zero\u200bwidth\ufeff", "\ud800 half", "\ufffe\uffff", "\U000e0041tag", "e\u0301\u0301\u0301",
    "\u05e9\u05dc\u05d5\u05dd", "%s%n%x%1000d", "", " ", "x" * 5000, "null", "NaN", "-0",
]


def plant(s, top, n, name):
    """The object that grows under this name and whatever belongs to it: what each round adds to."""
    holder = s.node("object", "Holder%d" % n, 40)
    s.edge(top, "property", name, holder)
    emitter, events = s.node("object", "EventEmitter", 40), s.node("object", "Object", 40)
    s.edge(holder, "property", "emitter", emitter)
    s.edge(emitter, "property", "_events", events)
    array, the_map, table = s.node("object", "Array", 40), s.node("object", "Map", 40), s.node("array", "", 200)
    s.edge(events, "property", name, array)
    s.edge(holder, "property", "map", the_map)
    s.edge(the_map, "internal", "table", table)
    return {"n": n, "name": name, "holder": holder, "array": array, "table": table, "script": s.node("code", name, 100),
            "web": s.node("code", "https://host.example/" + name, 100)}


def grow(s, p, i):
    """One more of all that has a name."""
    n, name = p["n"], p["name"]
    item = s.node("object", name, 1000, (2 * n + 1, i, 4))
    s.edge(p["holder"], "property" if i == 0 else "element", name if i == 0 else i, item)
    f = planted.closure(s, name, p["web"] if i % 2 else p["script"], 2 * n + i % 2 + 1, 3)
    s.edge(p["array"], "element", i, f)
    context = s.node("object", "system / Context", 32)
    s.edge(f, "internal", "context", context)
    s.edge(context, "context", name, item)
    text = s.node("string", name, 2 * len(name) + 16)
    s.edge(p["table"], "internal", str(2 * i), text)
    s.edge(p["table"], "internal", str(2 * i + 1), item)
    s.edge(item, "property", name, s.node("native", "Detached <div " + name + ">", 100))
    s.edge(item, "property", "text", text)


def snapshot(names, times):
    """Every name in every place. What a later snapshot has more stands behind the rest, so that ids mean the same objects."""
    s = planted.Snapshot()
    root = s.node("synthetic", "", 0)
    s.edge(root, "element", 1, s.node("synthetic", "(GC roots)", 0))
    top = s.node("object", "global", 40)
    s.edge(root, "shortcut", "2", top)
    planted_names = [plant(s, top, n, name) for n, name in enumerate(names)]
    s.edge(top, "property", "strange", s.node("sliced string", "x", 600))
    s.edge(top, "hidden", 1, planted_names[0]["holder"])
    for i in range(40 * times):
        for p in planted_names:
            grow(s, p, i)
    return s


def write_snapshot(path, names, times):
    """With two types of its own in the header."""
    s = snapshot(names, times)
    s.write(path)
    with open(path, encoding="ascii") as f:
        heap = json.load(f)
    types = heap["snapshot"]["meta"]
    types["node_types"][0][types["node_types"][0].index("sliced string")] = names[0] + "\t"
    types["edge_types"][0][types["edge_types"][0].index("hidden")] = names[-1] + "\t"
    with open(path, "w", encoding="ascii") as f:
        json.dump(heap, f, separators=(",", ":"))


def frames(names):
    for n, name in enumerate(names):
        yield {"functionName": name, "url": "file:///srv/app.js", "scriptId": "1", "lineNumber": n, "columnNumber": 1}
        yield {"functionName": "f%d" % n, "url": name, "scriptId": "2", "lineNumber": n, "columnNumber": 1}
        yield {"functionName": "g%d" % n, "url": "https://host.example/" + name, "scriptId": "3", "lineNumber": n, "columnNumber": 1}
        yield {"functionName": "h%d" % n, "url": "/srv/node_modules/" + name + "/index.js", "scriptId": "4", "lineNumber": n,
               "columnNumber": 1}


def trace(times):
    """Chrome's: threads have names there, and functions, files and URLs."""
    nodes = [{"id": 1, "callFrame": {"functionName": "(root)", "url": "", "scriptId": "0"}}]
    for i, frame in enumerate(frames(NAMES)):
        nodes.append({"id": i + 2, "parent": 1 if i % 5 == 0 else i + 1, "callFrame": frame})
    samples = [n["id"] for n in nodes[1:]] * times
    events = []
    for n, name in enumerate(NAMES):
        events.append({"pid": 1, "tid": n + 2, "ts": 1, "ph": "M", "name": "thread_name", "args": {"name": name}})
        events.append({"pid": 1, "tid": n + 2, "ts": 1, "ph": "P", "name": "Profile", "id": hex(n + 1),
                       "args": {"data": {"startTime": 1}}})
        part = samples[n::len(NAMES)]
        events.append({"pid": 1, "tid": n + 2, "ts": 2, "ph": "P", "name": "ProfileChunk", "id": hex(n + 1), "args": {"data": {
            "cpuProfile": {"nodes": nodes, "samples": part}, "timeDeltas": [1000] * len(part)}}})
    return json.dumps({"traceEvents": events}).encode()


def cpuprofile(names, heavy):
    """Functions in turn have more samples, `heavy` times as many, so that two profiles differ in each name."""
    nodes = [{"id": 1, "callFrame": {"functionName": "(root)", "url": "", "scriptId": "0", "lineNumber": -1, "columnNumber": -1},
              "children": []}]
    samples = []
    for i, frame in enumerate(frames(names)):
        nodes.append({"id": i + 2, "callFrame": frame, "hitCount": 1, "children": [], "deoptReason": names[i % len(names)]})
        nodes[0 if i % 5 == 0 else i]["children"].append(i + 2)
        samples += [i + 2] * (20 * heavy if i % 3 else 20)
    return json.dumps({"nodes": nodes, "startTime": 0, "endTime": 1000 * len(samples), "samples": samples,
                       "timeDeltas": [1000] * len(samples)}).encode()


def varint(n):
    return bytes([n & 127 | 128]) + varint(n >> 7) if n > 127 else bytes([n])


def field(number, value):
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    return varint(number << 3 | 2) + varint(len(value)) + value


def pprof(value_type, names=tuple(NAMES)):
    """Names as functions, files, modules, labels' keys and texts, comment, and as the event that was counted."""
    strings = [""] + [n.encode("utf-8", "surrogatepass") for n in names if n] + [b"count", value_type.encode("utf-8", "surrogatepass")]
    out = [field(1, field(1, len(strings) - 1) + field(2, len(strings) - 2)), field(13, 1)]
    for i in range(1, len(strings) - 2):
        other = len(strings) - 2 - i
        out += [field(3, field(1, i) + field(5, i)), field(5, field(1, i) + field(2, i) + field(4, other)),
                field(4, field(1, i) + field(2, i) + field(4, field(1, i) + field(2, i))),
                field(2, field(1, i) + field(2, 7) + field(3, field(1, i) + field(2, other)))]
    return b"".join(out + [field(6, s if isinstance(s, bytes) else s.encode()) for s in strings])


GROUP = 6  # names of one series of snapshots: each is then enough of the growth to be told


def write(folder):
    """{name: path}. Snapshots NUMBER-TIMES.heapsnapshot and pairs of profiles NUMBER-TIMES.cpuprofile; profiles with all names."""
    files = {"a.trace.json": trace(1), "b.trace.json": trace(3), "a.cpuprofile": cpuprofile(NAMES, 1)}
    files.update(("%d.pb" % i, pprof(name)) for i, name in enumerate(NAMES) if name and i % 8 == 0)
    for first in range(0, len(NAMES), GROUP):
        for heavy in (1, 2):
            files["%d-%d.cpuprofile" % (first // GROUP, heavy)] = cpuprofile(NAMES[first:first + GROUP], heavy ** 3)
    paths = {name: os.path.join(folder, name) for name in files}
    for name, data in files.items():
        with open(paths[name], "wb") as f:
            f.write(data)
    for first in range(0, len(NAMES), GROUP):
        for times in (1, 2, 3):
            name = "%d-%d.heapsnapshot" % (first // GROUP, times)
            paths[name] = os.path.join(folder, name)
            write_snapshot(paths[name], NAMES[first:first + GROUP], times)
    return paths


if __name__ == "__main__":
    write(sys.argv[1])
    for at in (1, 2):
        write_snapshot(os.path.join(sys.argv[1], "all-%d.heapsnapshot" % at), NAMES, at)
