#!/usr/bin/env bash
# Usage: test-go.sh whole|parts [go test flags…]
# Runs the Go tests that need the whole: the web app's build, its packages or the program; or those of all other packages,
# which need Go and ffmpeg only and can begin before anything is built. The packages that take longest go first, so that no
# slow one is left alone at the end. Most of the acceptance tests wait for a server or an encoder, so more of them run at once
# than there are processors.
# The whole output is kept in TEST_LOG (.cache/test/go-*.log); where CI_FAILURES names a file, failed tests are noted there.
set -uo pipefail
cd "$(dirname "$0")/.."
which=${1:?usage: test-go.sh whole|parts [go test flags…]}
shift
log=${TEST_LOG:-.cache/test/go-$which.log}
mkdir -p "$(dirname "$log")"

whole=(movify/cmd/movify movify/pkg/app movify/bench movify/pkg/auth/oidc movify/web)
case $which in
whole) packages=("${whole[@]}") ;;
parts)
	# -e: before the web app is built its own package has an error.
	all=$(go list -e ./...) || exit
	mapfile -t packages < <(printf 'movify/%s\n' transcoder/ffmpeg pkg/blob/s3; grep -vxFf <(printf '%s\n' "${whole[@]}") <<<"$all")
	;;
*) echo "test-go.sh: $which is neither whole nor parts" >&2; exit 2 ;;
esac

go test -count=1 -timeout 30m -p 2 -parallel 4 "$@" "${packages[@]}" 2>&1 | tee "$log" | grep --line-buffered -v '\[no test files\]$'
status=${PIPESTATUS[0]}
if [ "$status" -ne 0 ] && [ -n "${CI_FAILURES:-}" ]; then
	grep -E '^ *--- FAIL|^FAIL\s|^panic: |DATA RACE' "$log" | sed "s|^ *|go: |; s|\$|  (log: $log)|" >>"$CI_FAILURES"
fi
exit "$status"
