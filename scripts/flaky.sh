#!/usr/bin/env bash
# Runs all suites N times (10) in random order and prints each test that ever failed, with its seed and its log. Go tests run
# with the race detector, and so does the server that the acceptance tests start; every fifth run makes each browser test
# twice. Every second run happens beside a busy loop on each processor and with GOMAXPROCS=1. SEED=n begins with another seed;
# ONLY="go web e2e" names the suites.
#
# A command that is broken off goes on with the run it was in when it is given again for the same commit; failures of the runs
# before are kept. FRESH=1 begins anew.
#
# -short makes one test smaller that would take as long as all others of its package with the detector, takes a third of the
# rows of the largest tables of media files, another third each run, and skips no test.
# Two modules that only compute are compiled without the detector, which would spend most of the time of all Go tests in
# them: SQLite and password hashing. Modules that hand memory over by atomic operations, as the search engine does, have to be
# compiled with it, or the detector takes what they do for a race.
set -uo pipefail
cd "$(dirname "$0")/.."
runs=${N:-10}
seed=${SEED:-$((RANDOM * 100))}
only=${ONLY:-go web e2e}
out=$PWD/.cache/flaky
race=(-race)
for module in modernc.org golang.org/x/crypto; do
	race+=("-gcflags=$module/...=-race=false")
done
wanted="$(git rev-parse HEAD) $runs ${SEED:-} $only"
first=1
# Files that git does not have may be of any build: only a clean checkout is gone on with.
if [ -z "${FRESH:-}" ] && [ -z "$(git status --porcelain)" ] && [ "$(cat "$out/wanted" 2>/dev/null)" = "$wanted" ]; then
	read -r first seed <"$out/next"
	sed -i "/(run $first, seed /d" "$out/failures" # of tests that were broken off
else
	rm -rf "$out"
	mkdir -p "$out"
	: >"$out/failures"
	echo "$first $seed" >"$out/next"
fi
command -v gcc >/dev/null || { echo "flaky: the race detector needs gcc, which is not installed" >&2; exit 1; }
scripts/quietly.sh "build with the race detector" env CGO_ENABLED=1 go build "${race[@]}" -o "$out/movify-race" ./cmd/movify || exit 1
# Each test binary is linked once, not once a run.
build_tests() {
	mkdir -p "$out/tests"
	go list -f '{{if or .TestGoFiles .XTestGoFiles}}{{.ImportPath}}{{end}}' ./... | while read -r package; do
		folder=${package#movify/}
		CGO_ENABLED=1 go test -c "${race[@]}" -o "$out/tests/${folder//\//-}.test" "$package" || exit
	done
}
build_tests >"$out/build.log" 2>&1 || { cat "$out/build.log" >&2; exit 1; }

busy=()
idle() {
	[ ${#busy[@]} -eq 0 ] || kill "${busy[@]}" 2>/dev/null
	busy=()
}
suites=()
trap 'idle; kill "${suites[@]}" 2>/dev/null' EXIT
trap 'exit 130' INT TERM

# part SUITE WHICH COMMAND…: a part of one suite in one run. What failed is noted in the run's list with the seed and the log.
part() {
	local suite=$1 which=$2 log="$out/$run-$2.log" began=$SECONDS
	shift 2
	[[ " $only " == *" $suite "* ]] || return 0
	export CI_FAILURES="$out/$run-$which.failures" TEST_LOG=$log.full
	: >"$CI_FAILURES"
	if "$@" >"$log" 2>&1; then
		printf '  %-3s %-5s ok, %d s\n' "$suite" "$which" $((SECONDS - began))
		return 0
	fi
	[ -s "$CI_FAILURES" ] || echo "$suite: the suite failed and named no test" >"$CI_FAILURES"
	printf '  %-3s %-5s FAILED after %d s\n' "$suite" "$which" $((SECONDS - began))
	sed "s|^|    |" "$CI_FAILURES"
	sed "s|\$|  (run $run, seed $seed, log $log)|" "$CI_FAILURES" >>"$out/failures"
}

echo "$wanted" >"$out/wanted"
for ((run = first; run <= runs; run++, seed++)); do
	echo "$run $seed" >"$out/next"
	alone=(env -u GOMAXPROCS)
	how="the machine as it is"
	if ((run % 2 == 0)); then
		for ((n = $(nproc); n > 0; n--)); do
			bash -c 'while :; do :; done' &
			busy+=($!)
		done
		alone=(env GOMAXPROCS=1)
		how="busy loops on all processors, GOMAXPROCS=1"
	fi
	printf 'run %d of %d, seed %d, %s\n' "$run" "$runs" "$seed" "$how"
	# Beside one another, as in .ci/run.
	suites=()
	for which in whole parts; do
		part go $which "${alone[@]}" REQUIRE_ALL=1 MOVIFY_BIN="$out/movify-race" TEST_BINARIES="$out/tests" \
			scripts/test-go.sh $which -short -shuffle="$seed" &
		suites+=($!)
	done
	part web units npm --prefix web --silent test -- --sequence.shuffle --sequence.seed="$seed"
	part e2e pages "${alone[@]}" REQUIRE_ALL=1 npm --prefix web --silent run e2e -- \
		--shuffle "$seed" --repeat-each=$((run % 5 ? 1 : 2)) --output "$out/$run-traces"
	wait "${suites[@]}"
	suites=()
	idle
done
rm "$out/wanted"
if [ -s "$out/failures" ]; then
	printf '\nfailed at least once in %d runs:\n' "$runs"
	sort "$out/failures" | sed 's/^/  /'
	exit 1
fi
printf '\nno test failed in %d runs\n' "$runs"
