"""Whether a report says what is true of a case."""
import collections
import json
import re

from cases import KINDS

VERDICTS = ("leak", "growth", "bounded", "artifact")
VERDICTS_OF_ONE = ("suspect",)
HANDFUL = 5
# A healthy program may grow by this share of its heap; more has to be explained by something other than "growth".
TOLERATED = 0.01

# found, kind, names, place and count are True, False or None (does not apply); alarms are findings that should not be.
Judgement = collections.namedtuple("Judgement", "faults found kind names place count rank alarms matched",
                                   defaults=[None] * 6 + [(), None])

NUMBER, TEXT, LIST, DICT = (int, float), str, list, dict
FIELDS = {
    "rank": int, "kind": TEXT, "verdict": TEXT, "confidence": NUMBER, "title": TEXT, "count_before": LIST,
    "count_delta": NUMBER, "retained_before_bytes": LIST, "retained_delta_bytes": NUMBER, "exclusive_bytes": NUMBER,
    "share_of_growth": NUMBER, "holder": DICT, "item": DICT, "location": DICT, "path": LIST, "samples": LIST,
    "reasons_for": LIST, "reasons_against": LIST, "advice": TEXT, "fingerprint": TEXT,
}
# A single snapshot has sizes where a comparison has growth.
OF_GROWTH = ("count_before", "count_delta", "retained_before_bytes", "retained_delta_bytes", "exclusive_bytes",
             "share_of_growth")
FIELDS_OF_ONE = {field: kind for field, kind in FIELDS.items() if field not in OF_GROWTH}
FIELDS_OF_ONE.update({"count": NUMBER, "retained_bytes": NUMBER, "share_of_heap": NUMBER})
MAY_BE_NULL = ("holder", "item", "location", "count_delta", "exclusive_bytes", "share_of_growth")


def faults_of(finding, place_in_list, fields=FIELDS, verdicts=VERDICTS):
    """What is wrong with a finding whatever the program."""
    faults = []
    for field, kind in fields.items():
        if field not in finding:
            faults.append("no " + field)
        elif finding[field] is None and field in MAY_BE_NULL:
            continue
        elif not isinstance(finding[field], kind) or isinstance(finding[field], bool):
            faults.append("%s is %r" % (field, finding[field]))
    if faults:
        return faults
    if finding["rank"] != place_in_list:
        faults.append("rank %d in place %d" % (finding["rank"], place_in_list))
    if finding["kind"] not in KINDS:
        faults.append("kind %s" % finding["kind"])
    if finding["verdict"] not in verdicts:
        faults.append("verdict %s" % finding["verdict"])
    if not 0 <= finding["confidence"] <= 1:
        faults.append("confidence %s" % finding["confidence"])
    faults += ["empty " + f for f in ("title", "advice", "fingerprint", "reasons_for") if not finding[f]]
    return faults


def alarming(finding):
    return finding.get("verdict") in ("leak", "growth")


def words_of(finding):
    told = [finding.get(f) for f in ("title", "holder", "item", "location")]
    told += [[step.get("edge"), step.get("class")] for step in finding.get("path") or []]
    return json.dumps(told, ensure_ascii=False)


def names_are_right(finding, leak):
    text = words_of(finding)
    return all(any(re.search(r"(?<![\w$])%s(?![\w$])" % re.escape(word), text) for word in either)
               for either in leak.names)


def place_is_right(finding, leak):
    """None where the leak has no place and none is given; a place in a foreign file is wrong then."""
    location = finding.get("location")
    script = re.sub(r"^file://", "", location.get("script") or "") if location else None
    if not leak.lines:
        return None if script is None or script.startswith("/srv/") else False
    return script == leak.script and location.get("line") in leak.lines


def count_is_right(finding, case, leak, report, n_snapshots):
    """None where nobody said how many, and between processes, where numbers are estimates."""
    if leak.grows is None or report.get("mode") == "structure":
        return None
    steps = n_snapshots - 1 if n_snapshots > 2 or not case.pair else ord(case.pair[1]) - ord(case.pair[0])
    return finding.get("count_delta") == leak.grows * steps


def marks_of(finding, leak):
    return (names_are_right(finding, leak), finding.get("kind") in leak.kinds, place_is_right(finding, leak))


def best_for(leak, candidates):
    """The finding that is meant for this leak: names or place must fit, then the more the better, then the rank."""
    def fits(finding):
        names, _, place = marks_of(finding, leak)
        return names or place is True

    def worth(finding):
        names, kind, place = marks_of(finding, leak)
        return names, kind, place is True, -finding.get("rank", 99)

    return max(filter(fits, candidates), key=worth, default=None)


def judge_leaks(case, report, n_snapshots):
    findings = report.get("findings") or []
    faults = [f for i, finding in enumerate(findings, 1) for f in faults_of(finding, i)]
    rest = [f for f in findings if alarming(f)]
    if len(rest) > HANDFUL:
        faults.append("%d findings" % len(rest))
    judged = []
    for leak in case.leaks:
        finding = best_for(leak, rest)
        if finding is None:
            judged.append(Judgement(faults, False, False, False, False if leak.lines else None))
            continue
        rest = [f for f in rest if f is not finding]
        names, kind, place = marks_of(finding, leak)
        sure = finding["verdict"] == "leak" or n_snapshots == 2
        rank = finding.get("rank", len(findings) + 1)
        count = count_is_right(finding, case, leak, report, n_snapshots)
        judged.append(Judgement(faults, sure and rank <= len(case.leaks), kind, names, place, count, rank, matched=finding))
    judged[0] = judged[0]._replace(alarms=[f for f in rest if f["verdict"] == "leak"])
    return judged


def judge_healthy(report):
    findings = report.get("findings") or []
    faults = [f for i, finding in enumerate(findings, 1) for f in faults_of(finding, i)]
    limit = TOLERATED * report["snapshots"][-1]["total_bytes"]
    alarms = [f for f in findings if f.get("verdict") == "leak"]
    alarms += [f for f in findings if f.get("verdict") == "growth" and f.get("retained_delta_bytes", 0) > limit]
    return Judgement(faults, alarms=alarms)


def judge_single(case, report):
    """The suspects of one snapshot: for a leak the one that is meant for it, if any. What else is suspected stands in the
    first one's alarms: a single snapshot cannot know that a cache is bounded."""
    rest = report.get("findings") or []
    faults = [f for i, x in enumerate(rest, 1) for f in faults_of(x, i, FIELDS_OF_ONE, VERDICTS_OF_ONE)]
    judged = []
    for leak in case.leaks:
        finding = best_for(leak, rest)
        if finding is None:
            judged.append(Judgement(faults, found=False))
            continue
        rest = [f for f in rest if f is not finding]
        names, kind, place = marks_of(finding, leak)
        judged.append(Judgement(faults, True, kind, names, place, rank=finding.get("rank"), matched=finding))
    judged = judged or [Judgement(faults)]
    judged[0] = judged[0]._replace(alarms=rest)
    return judged


def judge(case, report, n_snapshots):
    """One judgement for each leak of the case, or one for a healthy program."""
    if report.get("findings") is None:
        none = Judgement(["no findings in the report"], False, False, False, False)
        return [none] * max(1, len(case.leaks))
    return judge_leaks(case, report, n_snapshots) if case.leaks else [judge_healthy(report)]


def passes(case, j):
    if j.faults:
        return False
    if not case.leaks:
        return not j.alarms
    return bool(j.found and j.kind and j.names and j.place is not False and j.count is not False)
