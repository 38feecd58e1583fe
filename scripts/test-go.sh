#!/usr/bin/env bash
# Usage: test-go.sh [go test flags…]
# Runs all Go tests, the packages that take longest first, so that no slow one is left alone at the end. Most of the
# acceptance tests wait for a server or an encoder, so more of them run at once than there are processors.
# The whole output is kept in TEST_LOG (.cache/test/go.log); where CI_FAILURES names a file, failed tests are noted there.
set -uo pipefail
cd "$(dirname "$0")/.."
log=${TEST_LOG:-.cache/test/go.log}
mkdir -p "$(dirname "$log")"

slow=(./cmd/movify ./transcoder/ffmpeg ./pkg/app ./bench ./pkg/blob/s3)
go test -count=1 -timeout 30m -p 2 -parallel 4 "$@" "${slow[@]}" ./... 2>&1 | tee "$log" | grep --line-buffered -v '\[no test files\]$'
status=${PIPESTATUS[0]}
if [ "$status" -ne 0 ] && [ -n "${CI_FAILURES:-}" ]; then
	grep -E '^ *--- FAIL|^FAIL\s|^panic: |DATA RACE' "$log" | sed "s|^ *|go: |; s|\$|  (log: $log)|" >>"$CI_FAILURES"
fi
exit "$status"
