"""What is judged without running a program: the recordings in fixtures/, and the samples with what is known of them."""
import csv
import os
import subprocess

from cases import HERE, Case, Leak

FIXTURES = os.path.join(HERE, "fixtures")
SAMPLES = os.path.normpath(os.path.join(HERE, "..", "..", "samples"))


def is_stored(case):
    return os.path.exists(os.path.join(FIXTURES, case.name + ".A.heapsnapshot.zst"))


def unpack(case, directory):
    """A is stored whole, B and C as what differs from the one before."""
    out = [os.path.join(directory, "%s.%s.heapsnapshot" % (case.name, s)) for s in "ABC"]
    subprocess.run(["zstd", "-dq", os.path.join(FIXTURES, case.name + ".A.heapsnapshot.zst"), "-o", out[0]], check=True)
    for n, s in ((1, "B"), (2, "C")):
        patch = os.path.join(FIXTURES, "%s.%s.patch.zst" % (case.name, s))
        subprocess.run(["zstd", "-dq", "--long=27", "--patch-from=" + out[n - 1], patch, "-o", out[n]], check=True)
    return dict(zip("ABC", out))


def rows_of(path):
    with open(path, newline="", encoding="utf-8") as f:
        return list(csv.DictReader(f, delimiter="\t"))


def leak_of(row, kinds):
    """A holder is named by any step of its way; what it gained by its own name, if it has one."""
    names = [[part for part in row["path"].split(".") if not part.startswith("<")]]
    added = row["added"].partition(" ")[2]
    if added not in ("", "Object"):
        names.append([added])
    lines = {int(row["added_line"])} if row["added_line"] != "-" else set()
    grows = int(row["delta"]) if row["measure"] != "store_bytes" else None
    return Leak(kinds[row["path"]].split("|"), names, lines, row["added_file"], grows)


def joined(leaks):
    """Two holders of the same things are one leak."""
    first = leaks[0]
    holders = [name for leak in leaks for name in leak.names[0]]
    return first._replace(names=[holders] + first.names[1:])


def sample_file(name):
    return os.path.join(SAMPLES, name + ".heapsnapshot.zst")


def sample_cases():
    """(case, files for two snapshots, files for three or None) of each pair in samples/truth.tsv."""
    kinds = {row["path"]: row["kinds"] for row in rows_of(os.path.join(HERE, "sample-kinds.tsv"))}
    pairs = {}
    for row in rows_of(os.path.join(SAMPLES, "truth.tsv")):
        pairs.setdefault((row["before"], row["after"]), []).append(row)
    follow = dict(pairs)
    for (before, after), rows in pairs.items():
        leaks = [leak_of(row, kinds) for row in rows if row["verdict"] == "leak"]
        joint = [leak_of(row, kinds) for row in rows if row["verdict"] == "joint"]
        if joint:
            leaks.append(joined(joint))
        case = Case("-".join([before.partition(".")[0], after.partition(".")[2]]), "samples", None, False, leaks, None, None)
        later = next((last for middle, last in follow if middle == after), None)
        files = [sample_file(name) for name in (before, after)]
        yield case, files, files + [sample_file(later)] if later else None
