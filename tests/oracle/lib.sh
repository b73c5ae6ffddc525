# What `check` and `live` share. Before sourcing set `bin`, the directory of snapstat and snapdiff.

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
tables=0 failures=0 total_rows=0 total_differing=0

# golden TABLE NAME: put that table where compare_tables expects it.
golden() {
	if [ -f "$2.$1.tsv.zst" ]; then zstd -dcq "$2.$1.tsv.zst"; else cat "$2.$1.tsv"; fi > "$scratch/want"
}

# verdict LABEL: read "rows differing" and up to three pairs of rows from $scratch/verdict.
verdict() {
	local rows differing
	read -r rows differing < "$scratch/verdict"
	tables=$((tables + 1)) total_rows=$((total_rows + rows)) total_differing=$((total_differing + differing))
	[ "$differing" -eq 0 ] || failures=$((failures + 1))
	printf '%-52s %8d rows %8d differ\n' "$1" "$rows" "$differing"
	tail -n +2 "$scratch/verdict"
}

# compare_tables LABEL MODE COMMAND...: run the command and compare its output with $scratch/want.
#   lines  row by row in file order
#   keyed  rows found by their last column, in any order. DevTools loses one of two classes that share a public key
#          (the earlier is overwritten by the later); snapdiff prints both. So a key may have further rows beside
#          the one DevTools shows, but never lack that one, and no key may be unknown to DevTools.
# Exit status and stderr of the command count: a crash after the last row is a failure.
compare_tables() {
	local label=$1 mode=$2 status=0 header=1
	[[ $label != *' stats' ]] || header=0
	shift 2
	timeout "${CHECK_TIMEOUT:-120}" "$@" > "$scratch/got" 2> "$scratch/stderr" || status=$?
	if cmp -s "$scratch/want" "$scratch/got"; then
		echo "$(($(wc -l < "$scratch/want") - header)) 0" > "$scratch/verdict"
	else
		LC_ALL=C awk -F'\t' -v mode="$mode" -v has_header=$header '
		function report(want, got) {
			if (differing++ < 3) shown = shown "  DevTools: " want "\n  snapdiff: " got "\n"
		}
		FNR == 1 && NR == 1 { header = $0; next }
		FNR == 1 { if ($0 != header) report(header, $0); second = 1; next }
		mode == "lines" && !second { want[FNR] = $0; n = FNR; next }
		mode == "lines" {
			if (!(FNR in want)) report("(no such row)", $0)
			else if (want[FNR] != $0) report(want[FNR], $0)
			m = FNR; next
		}
		!second { known[$NF] = 1; order[++n] = $0; key[n] = $NF; next }
		{ if (!($NF in known)) report("(no such key)", $0); else if (!($NF in got)) got[$NF] = $0; exact[$0] = 1 }
		END {
			if (!second) report(header, "(no output)")
			if (mode == "lines") {
				for (i = m > 1 ? m + 1 : 2; i <= n; i++) report(want[i], "(missing)")
				rows = (n ? n : 1) - has_header
			} else {
				for (i = 1; i <= n; i++) if (!(order[i] in exact))
					report(order[i], key[i] in got ? got[key[i]] : "(missing)")
				rows = n
			}
			# Not printf: mawk limits what it formats, and a class name may be long.
			print rows, differing + 0
			if (shown) print substr(shown, 1, length(shown) - 1)
		}' "$scratch/want" "$scratch/got" > "$scratch/verdict"
	fi
	verdict "$label"
	if [ $status -ne 0 ]; then
		failures=$((failures + 1))
		echo "  exit status $status: $* $(head -c 500 "$scratch/stderr")"
	fi
}

# check_snapshot FILE GOLDEN [LABEL]: GOLDEN.nodes.tsv and .classes.tsv (or .zst of both), GOLDEN.stats.json.
check_snapshot() {
	local file=$1 golden=$2 label=${3:-$2}
	golden nodes "$golden"
	compare_tables "$label nodes" lines "$bin/snapstat" "$file" --dump nodes
	golden classes "$golden"
	compare_tables "$label classes" keyed "$bin/snapstat" "$file" --dump classes
	cp "$golden.stats.json" "$scratch/want"
	compare_tables "$label stats" lines "$bin/snapstat" "$file" --dump stats
}

# check_pair BASE TARGET GOLDEN [LABEL]
check_pair() {
	golden compare "$3"
	compare_tables "${4:-$3} compare" keyed "$bin/snapdiff" "$1" "$2" --dump compare
}

check_done() {
	echo "$tables tables, $total_rows rows, $total_differing differ, $failures failures"
	[ $tables -gt 0 ] && [ $failures -eq 0 ]
}
