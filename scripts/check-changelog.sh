#!/usr/bin/env bash
# Every change a user can notice has a fragment in changelog/unreleased, in the shape of changelog/TEMPLATE.md.
set -euo pipefail
cd "$(dirname "$0")/../changelog"
shopt -s nullglob
fragments=(unreleased/*.md)
[ ${#fragments[@]} -gt 0 ] || { echo "changelog/unreleased holds no fragment: say in one what a user will notice" >&2; exit 1; }
bad=0
for f in "${fragments[@]}"; do
	if ! head -n 1 "$f" | grep -Eq '^(Added|Changed|Fixed|Removed|Security): .{10,140}$'; then
		echo "changelog/$f: the first line must read 'Added|Changed|Fixed|Removed|Security: one sentence'" >&2
		bad=1
	fi
done
exit $bad
