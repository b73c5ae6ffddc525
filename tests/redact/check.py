#!/usr/bin/env python3
"""check.py BIN_DIR - plant 500 secrets wherever a snapshot can hold a text; none may be in a report.

Every notation and view of every command is searched for the secret part of each, as it stands, with the notation's escapes
taken back, and for its first and last ten characters. As controls, reports are made without rules, and the secrets must be
found: in all places together, in each place alone, and without one rule those that this rule alone hides. Otherwise the search is
worth nothing.
"""
import gzip
import html
import os
import re
import subprocess
import sys
import tempfile

import planted

N = 500
FORMATS = ("json", "text", "md", "html", "junit", "sarif", "folded", "speedscope")
VIEWS = ("--classes", "--statistics", "--strings", "--dominators", "--min", "1", "--object", "5", "--where", "self > 0")
# Rules that nothing else stands in for: without them secrets of these kinds are read.
ALONE = {"email": "email", "card": "card", "iban": "iban", "phone": "phone", "uuid": "uuid", "home-path": "home", "aws-key": "aws-id"}


def plain(data):
    """Without what notations put between characters, and without blanks: wrapped lines, groups of digits."""
    text = data.decode("utf-8", "replace")
    text = html.unescape(re.sub(r"<wbr ?/?>|\\u200b|\u200b", "", text))
    return re.sub(r"\\n|\\|\s", "", text)


def pieces(core):
    core = re.sub(r"\s", "", core)
    return {core, core[:10], core[-10:]} if len(core) > 12 else {core}


def leaked(data, found):
    """The kinds and numbers of secrets that are in the output."""
    text = plain(data)
    return [(i, kind) for i, (kind, _, core) in enumerate(found) if any(p in text for p in pieces(core))]


def outputs(bin_dir, files, extra):
    """(name, bytes) of all that the commands say about the two snapshots."""
    for name in FORMATS:
        for rows in ([], ["-n", "all"]):
            yield run(bin_dir, "snapdiff", "-f", name, *rows, *extra, *files)
            yield run(bin_dir, "snapstat", "-f", name, *rows, *extra, files[1])
    for name in FORMATS[:4]:
        yield run(bin_dir, "snapdiff", "--match", "structure", "-f", name, "-n", "all", *extra, *files)
        yield run(bin_dir, "snapstat", *VIEWS, "-f", name, "-n", "all", *extra, files[1])
        yield run(bin_dir, "snapscrub", "--audit", "-f", name, "-n", "all", *extra, files[1])
    for what in ("nodes", "classes", "stats"):
        yield run(bin_dir, "snapstat", "--dump", what, *extra, files[1])
    yield run(bin_dir, "snapdiff", "--dump", "compare", *extra, *files)
    for command, n in (("snapdiff", 2), ("snapstat", 1)):
        out = files[0] + ".pb.gz"
        name, said = run(bin_dir, command, *extra, "-o", out, *files[:n])
        with gzip.open(out) as f:
            yield name + " -o x.pb.gz", f.read() + said


def shown(bin_dir, files, more):
    open_all = ["--no-redact", "all", "-n", "all", "-f", "json"] + more
    return run(bin_dir, "snapdiff", *open_all, *files)[1] + run(bin_dir, "snapstat", *VIEWS, *open_all, files[1])[1]


def places_are_seen(bin_dir, folder, found):
    """Each place alone: what is planted there comes out when nothing hides it, and values only when they are asked for."""
    wrong = 0
    files = [os.path.join(folder, "place-%d.heapsnapshot" % i) for i in (1, 2)]
    for place in planted.PLACES:
        for path, copies in zip(files, (2, 3)):
            planted.snapshot(found, copies, [place]).write(path)
        is_value = place in planted.VALUES
        n = len(leaked(shown(bin_dir, files, ["--show-values"] if is_value else []), found))
        unasked = len(leaked(shown(bin_dir, files, []), found)) if is_value else 0
        print("  %-16s %3d of %d are readable without rules" % (place.__name__, n, len(found)))
        if unasked:
            print("  %-16s %3d of %d appear without --show-values" % (place.__name__, unasked, len(found)))
        wrong |= not n or unasked > 0
    return wrong


def rules_are_needed(bin_dir, files, found):
    wrong = 0
    for rule, kind in ALONE.items():
        kinds = {k for _, k in leaked(run(bin_dir, "snapdiff", "-f", "json", "-n", "all", "--no-redact", rule, *files)[1], found)}
        if kind not in kinds:
            wrong = 1
            print("without the rule %s nothing more is readable" % rule)
    return wrong


def run(bin_dir, command, *args):
    done = subprocess.run([os.path.join(bin_dir, command), *args], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          check=False)
    if done.returncode:
        sys.exit("%s %s: exit %d: %s" % (command, " ".join(args), done.returncode, done.stderr.decode()))
    return command + " " + " ".join(a for a in args if not a.startswith("/")), done.stdout + done.stderr


def main():
    bin_dir = sys.argv[1]
    found = planted.secrets(N, 20)
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        files = [os.path.join(folder, "%s@mail.example-%d.heapsnapshot" % (found[15][2], i)) for i in (1, 2)]
        for path, copies in zip(files, (2, 3)):
            planted.snapshot(found, copies).write(path)
        n = 0
        for name, data in outputs(bin_dir, files, []):
            n += 1
            bad = leaked(data, found)
            if bad:
                failed = 1
                print("%s: %d secrets are readable: %s" % (name, len(bad), bad[:8]))
        values = run(bin_dir, "snapdiff", "-f", "json", "--show-values", *files)[1]
        failed |= bool(leaked(values, found))
        if len({run(bin_dir, "snapdiff", "-f", "json", "-j", jobs, *files)[1] for jobs in ("1", "8", "8")}) != 1:
            failed = 1
            print("the marks depend on the run or on the number of threads")
        control = leaked(run(bin_dir, "snapdiff", "-f", "json", "--no-redact", "all", *files)[1], found)
        failed |= rules_are_needed(bin_dir, files, found)
        failed |= places_are_seen(bin_dir, folder, found)
    print("%d secrets of %d kinds, %d outputs searched; without rules %d of them are readable" %
          (len(found), len(planted.KINDS), n, len(control)))
    sys.exit(1 if failed or len(control) < N * 9 // 10 else 0)


if __name__ == "__main__":
    main()
