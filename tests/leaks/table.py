"""The table of judgements and its totals."""
import collections

from judge import passes

ASPECTS = ("found", "kind", "names", "place", "count")
HALF = "%-5s %-4s %-5s %-9s %-5s %-4s %-5s"


def sign(value):
    return {True: "yes", False: "NO", None: "-"}[value]


class Table:
    def __init__(self, out, verbose):
        self.out, self.verbose = out, verbose
        self.rows = self.wrong = 0
        self.counts = {2: collections.Counter(), 3: collections.Counter()}
        self.wrong_prints = self.prints = 0

    def say(self, *text):
        print(*text, file=self.out, flush=True)

    def head(self):
        half = HALF % ("found", "kind", "names", "file:line", "count", "rank", "false")
        self.say("%-8s %-26s %-14s | 2: %s | 3: %s |" % ("runtime", "case", "expected", half, half))

    def add(self, runtime, case, n, two, three, same_print, why):
        if not self.rows:
            self.head()
        self.rows += 1
        expected = "|".join(case.leaks[n].kinds) if case.leaks else "healthy"
        name = case.name + (" (%d)" % (n + 1) if n else "")
        if two is None:
            self.wrong += 1
            self.say("%-8s %-26s %-14s | WRONG: %s" % (runtime, name, expected, why))
            return
        taken = [(number, j) for number, j in ((2, two), (3, three)) if j is not None]
        for number, j in taken:
            self.count(self.counts[number], case, j)
        self.prints += same_print is not None
        self.wrong_prints += same_print is False
        good = all(passes(case, j) for _, j in taken) and same_print is not False
        self.wrong += not good
        end = "ok" if good else "WRONG" + (": fingerprint" if same_print is False else "")
        self.say("%-8s %-26s %-14s | 2: %s | 3: %s | %s" % (
            runtime, name, expected, self.half(case, two), self.half(case, three), end))
        if self.verbose and not good:
            for number, j in taken:
                self.explain(number, j)

    @staticmethod
    def half(case, j):
        if j is None:
            return "%-43s" % "not taken"
        return HALF % (sign(j.found), sign(j.kind), sign(j.names), sign(j.place), sign(j.count), j.rank or "-", len(j.alarms))

    @staticmethod
    def count(counts, case, j):
        if not case.leaks:
            counts["healthy"] += 1
            counts["alarmed"] += bool(j.alarms)
        else:
            counts["leaks"] += 1
            counts["beside"] += len(j.alarms)
            for aspect in ASPECTS:
                counts[aspect] += getattr(j, aspect) is True
                counts["of " + aspect] += getattr(j, aspect) is not None
        counts["faulty"] += bool(j.faults)

    def explain(self, number, j):
        for finding in ([j.matched] if j.matched else []) + list(j.alarms):
            self.say("    %d: %s %s %s, %s more, %s bytes: %s %s" % (
                number, finding.get("rank"), finding.get("kind"), finding.get("verdict"), finding.get("count_delta"),
                finding.get("retained_delta_bytes"), finding.get("title"), finding.get("location")))
        for fault in j.faults[:3]:
            self.say("    %d: %s" % (number, fault))

    def totals(self):
        for number, c in self.counts.items():
            self.say("%d snapshots: %d leaks: found %d, kind right %d, names right %d, file:line right %d of %d, "
                     "count right %d of %d; %d other leak findings beside them" % (
                         number, c["leaks"], c["found"], c["kind"], c["names"], c["place"], c["of place"], c["count"],
                         c["of count"], c["beside"]))
            self.say("             %d healthy: %d with a false alarm; %d reports malformed" % (
                c["healthy"], c["alarmed"], c["faulty"]))
        self.say("%d fingerprints, %d differ between snapshots or runs of the same program" % (self.prints, self.wrong_prints))
        self.say("%d rows, %d wrong" % (self.rows, self.wrong))


class SingleTable:
    """What the suspects of one snapshot say. Nobody can tell from one that something grows, so that a leak is not suspected
    is no failure; that it is suspected under a wrong name is one."""

    def __init__(self, out, verbose):
        self.out, self.verbose = out, verbose
        self.rows = self.wrong = 0
        self.counts = collections.Counter()

    def say(self, *text):
        print(*text, file=self.out, flush=True)

    def add(self, runtime, case, n, judged, why):
        if not self.rows:
            self.say("%-8s %-26s %-14s | %-9s %-4s %-5s %-9s %-4s %-6s |" % (
                "runtime", "case", "expected", "suspected", "kind", "names", "file:line", "rank", "others"))
        self.rows += 1
        expected = "|".join(case.leaks[n].kinds) if case.leaks else "healthy"
        start = "%-8s %-26s %-14s |" % (runtime, case.name + (" (%d)" % (n + 1) if n else ""), expected)
        if judged is None:
            self.wrong += 1
            self.say(start, "WRONG:", why)
            return
        self.count(case, judged)
        good = not judged.faults and False not in (judged.kind, judged.names, judged.place)
        self.wrong += not good
        self.say(start, "%-9s %-4s %-5s %-9s %-4s %-6d | %s" % (
            sign(judged.found), sign(judged.kind), sign(judged.names), sign(judged.place), judged.rank or "-",
            len(judged.alarms), "ok" if good else "WRONG"))
        if self.verbose and (not good or judged.alarms):
            self.explain(judged)

    def count(self, case, j):
        c = self.counts
        c["faulty"] += bool(j.faults)
        c["others"] += len(j.alarms) if case.leaks else 0
        if not case.leaks:
            c["healthy"] += 1
            c["suspected healthy"] += bool(j.alarms)
            c["false"] += len(j.alarms)
            return
        c["leaks"] += 1
        c["right"] += bool(j.found) and False not in (j.kind, j.names, j.place)
        c["first"] += j.rank is not None and j.rank <= len(case.leaks)
        for aspect in ASPECTS:
            c[aspect] += getattr(j, aspect) is True
            c["of " + aspect] += getattr(j, aspect) is not None

    def explain(self, j):
        for finding in ([j.matched] if j.matched else []) + list(j.alarms):
            self.say("    %s %s %s bytes (%s %%), %s: %s %s" % (
                finding.get("rank"), finding.get("kind"), finding.get("retained_bytes"), finding.get("share_of_heap"),
                finding.get("count"), finding.get("title"), finding.get("location")))
        for fault in j.faults[:3]:
            self.say("    %s" % fault)

    def totals(self):
        c = self.counts
        self.say("1 snapshot: %d leaks: suspected %d, %d of them first; of these kind right %d, names right %d, "
                 "file:line right %d of %d, all right %d; %d other suspects beside them" % (
                     c["leaks"], c["found"], c["first"], c["kind"], c["names"], c["place"], c["of place"], c["right"],
                     c["others"]))
        self.say("            %d healthy: %d with suspects, %d in all; %d reports malformed" % (
            c["healthy"], c["suspected healthy"], c["false"], c["faulty"]))
        self.say("%d rows, %d wrong" % (self.rows, self.wrong))
