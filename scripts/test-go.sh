#!/usr/bin/env bash
# Usage: test-go.sh whole|parts [go test flags…]
# Runs the Go tests that need the whole: the web app's build, its packages or the program; or those of all other packages,
# which need Go and ffmpeg only and can begin before anything is built. The packages that take longest go first, so that no
# slow one is left alone at the end. Most of the acceptance tests wait for a server or an encoder, so more of them run at once
# than there are processors.
# The whole output is kept in TEST_LOG (.cache/test/go-*.log); where CI_FAILURES names a file, failed tests are noted there.
# Where TEST_BINARIES names a folder, the test binaries there are run (DIR-OF-THE-PACKAGE.test, with - for /) and nothing is built:
# who runs all tests many times need not link 47 programs each time.
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

# run_binary PACKAGE FLAGS…: runs a test binary in the folder of its package, and prints as go test does.
run_binary() {
	local package=$1 folder=${1#movify/} began=$SECONDS binary output
	binary=$TEST_BINARIES/${folder//\//-}.test
	shift
	[ -x "$binary" ] || return 0 # a package without tests
	output=$(cd "$folder" && "$binary" -test.paniconexit0 "$@" 2>&1)
	local status=$?
	if [ "$status" -eq 0 ]; then
		printf 'ok  \t%s\t%d s\n' "$package" $((SECONDS - began))
		return 0
	fi
	# In one piece: the packages beside it print too.
	printf '%s\nFAIL\t%s\t%d s\n' "$output" "$package" $((SECONDS - began)) | flock "$TEST_BINARIES" cat
	return 1
}
export -f run_binary

if [ -n "${TEST_BINARIES:-}" ]; then
	flags=(-timeout=30m -parallel=4 "$@")
	printf '%s\n' "${packages[@]}" |
		xargs -P 2 -I '{}' bash -c 'run_binary "$@"' run_binary '{}' "${flags[@]/#-/-test.}" 2>&1 | tee "$log"
	status=${PIPESTATUS[1]}
else
	go test -count=1 -timeout 30m -p 2 -parallel 4 "$@" "${packages[@]}" 2>&1 | tee "$log" | grep --line-buffered -v '\[no test files\]$'
	status=${PIPESTATUS[0]}
fi
if [ "$status" -ne 0 ] && [ -n "${CI_FAILURES:-}" ]; then
	grep -E '^ *--- FAIL|^FAIL\s|^panic: |DATA RACE' "$log" | sed "s|^ *|go: |; s|\$|  (log: $log)|" >>"$CI_FAILURES"
fi
exit "$status"
