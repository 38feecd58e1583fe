#!/usr/bin/env bash
# Fuzzes every parser of what strangers send, one after the other, FUZZTIME (30s) each: paths, tokens, cookies, headers, NFO,
# MP4, Matroska, indexes of discs, playlists, subtitle names, pictures. ONLY=pattern chooses targets by name. What fails is kept by go in
# testdata/fuzz of its package, and is a test from then on.
set -uo pipefail
cd "$(dirname "$0")/.."
status=0
# fuzz DIR TARGET: go's fuzzer now and then reports the end of its own time as a failure, without an input that fails.
fuzz() {
	local output code
	output=$(go test "$1" -run '^$' -fuzz "^$2\$" -fuzztime "${FUZZTIME:-30s}" 2>&1)
	code=$?
	[ $code -eq 0 ] && return
	if grep -q '^    context deadline exceeded$' <<<"$output" && ! grep -q 'Failing input' <<<"$output"; then
		return
	fi
	printf '%s\n' "$output"
	return $code
}
export -f fuzz
while read -r package; do
	dir=./${package#movify/}
	for target in $(go test -list '^Fuzz' "$dir" | grep '^Fuzz'); do
		[[ $target =~ ${ONLY:-.} ]] || continue
		scripts/quietly.sh "$package $target" bash -c 'fuzz "$@"' fuzz "$dir" "$target" || status=1
	done
done < <(grep -rlE '^func Fuzz' --include=*_test.go cmd library pkg player transcoder | xargs -n1 dirname | sort -u | sed 's|^|movify/|')
exit $status
