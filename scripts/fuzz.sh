#!/usr/bin/env bash
# Fuzzes every parser of what strangers send, one after the other, FUZZTIME (30s) each: paths, tokens, cookies, headers, NFO,
# MP4, Matroska, playlists, subtitle names, pictures. ONLY=pattern chooses targets by name. What fails is kept by go in
# testdata/fuzz of its package, and is a test from then on.
set -uo pipefail
cd "$(dirname "$0")/.."
status=0
while read -r package; do
	dir=./${package#movify/}
	for target in $(go test -list '^Fuzz' "$dir" | grep '^Fuzz'); do
		[[ $target =~ ${ONLY:-.} ]] || continue
		scripts/quietly.sh "$package $target" go test "$dir" -run '^$' -fuzz "^$target\$" -fuzztime "${FUZZTIME:-30s}" || status=1
	done
done < <(grep -rlE '^func Fuzz' --include=*_test.go cmd library pkg player transcoder | xargs -n1 dirname | sort -u | sed 's|^|movify/|')
exit $status
