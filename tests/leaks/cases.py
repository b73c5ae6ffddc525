"""The programs below cases/ and what is true of each, as its own comments say it.

    // @healthy                        nothing leaks here
    // @leak KIND[|KIND]: WORD ... [+N]  one leak; each WORD (or one of WORD|WORD) has to be named by its finding, and
                                       that it got N more objects from each snapshot to the next
    // @pair A C                       the two snapshots to compare where two are (default: A B)
    // @processes                      each snapshot is of a process of its own
    ... // LEAK HERE                   the line that its finding has to give; several lines: any of them;
                                       with two leaks: LEAK HERE 1 and LEAK HERE 2

Without a marked line the leaking thing has no place in a user's file. The comments are taken out before a program runs.
"""
import collections
import hashlib
import os
import re

HERE = os.path.dirname(os.path.abspath(__file__))
KINDS = ("listener timer closure array map set object linked-list promise async-context stream socket buffer string "
         "weakref code realm module detached-dom dom error global instance").split()

# `grows`: objects more from each snapshot to the next, None: not said.
Leak = collections.namedtuple("Leak", "kinds names lines script grows")
Case = collections.namedtuple("Case", "name group path page leaks pair processes")

TRUTH = re.compile(r"^\s*(?://|<!--)\s*@(\w+)\s*(.*?)\s*(?:-->)?\s*$")
MARK = re.compile(r"\s*(?://|<!--)\s*LEAK HERE(?: (\d))?\s*(?:-->)?\s*$")


class Broken(Exception):
    """A program whose truth cannot be read."""


def script_of(name, path):
    """The path under which the program knows itself."""
    main = {".html": "page.html", ".mjs": "main.mjs"}.get(os.path.splitext(path)[1], "main.js")
    return "/srv/%s/%s" % (name, main)


def leak_of(text, name, script):
    kinds, colon, words = text.partition(":")
    kinds, words = kinds.strip().split("|"), words.split()
    grows = int(words.pop()) if words and re.fullmatch(r"\+\d+", words[-1]) else None
    if not colon or not words or any(kind not in KINDS for kind in kinds):
        raise Broken("%s: not a leak: %s" % (name, text))
    return Leak(kinds, [word.split("|") for word in words], set(), script, grows)


def main_file(path):
    return os.path.join(path, "main.js") if os.path.isdir(path) else path


def read_case(path):
    name = os.path.splitext(os.path.basename(path))[0]
    facts = collections.defaultdict(list)
    marks = []
    with open(main_file(path), encoding="utf-8") as f:
        for number, line in enumerate(f, 1):
            if truth := TRUTH.match(line):
                facts[truth[1]].append(truth[2])
            if mark := MARK.search(line):
                marks.append((int(mark[1] or 1), number))
    leaks = [leak_of(text, name, script_of(name, path)) for text in facts.pop("leak", [])]
    if bool(leaks) == bool(facts.pop("healthy", None)):
        raise Broken("%s: neither a leak nor healthy, or both" % name)
    for which, number in marks:
        if not 1 <= which <= len(leaks):
            raise Broken("%s:%d: marks no leak" % (name, number))
        leaks[which - 1].lines.add(number)
    pair = facts.pop("pair", ["A B"])[0].split()
    processes = bool(facts.pop("processes", None))
    if facts:
        raise Broken("%s: unknown: %s" % (name, ", ".join(facts)))
    return Case(name, os.path.basename(os.path.dirname(path)), path, path.endswith(".html"), leaks, pair, processes)


def all_cases():
    cases = []
    top = os.path.join(HERE, "cases")
    for group in sorted(os.listdir(top)):
        if group not in KINDS + ["churn", "needle"]:
            raise Broken("cases/%s is no kind" % group)
        for entry in sorted(os.listdir(os.path.join(top, group))):
            cases.append(read_case(os.path.join(top, group, entry)))
    twice = [name for name, n in collections.Counter(c.name for c in cases).items() if n > 1]
    if twice:
        raise Broken("two cases are called " + ", ".join(twice))
    return cases


def bare(text):
    """A program without what it says about itself; every line keeps its number."""
    lines = text.split("\n")
    return "\n".join("" if TRUTH.match(line) else MARK.sub("", line) for line in lines)


def staged_files(case):
    """What has to lie in the directory where the case runs: name -> text."""
    if os.path.isdir(case.path):
        sources = {name: os.path.join(case.path, name) for name in os.listdir(case.path)}
    else:
        sources = {os.path.basename(script_of(case.name, case.path)): case.path}
    if not case.page:
        sources["measure.js"] = os.path.join(HERE, "harness", "measure.js")
    files = {}
    for name, path in sources.items():
        with open(path, encoding="utf-8") as f:
            files[name] = bare(f.read())
    if case.processes:
        files[case.name + ".processes"] = ""
    return files


def stamp_of(files):
    digest = hashlib.sha256()
    for name in sorted(files):
        digest.update(("%s\0%s\0" % (name, files[name])).encode())
    return digest.hexdigest()
