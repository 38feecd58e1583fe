#!/usr/bin/env bash
# Usage: quietly.sh WHAT COMMAND…
# Runs a command and prints one line: what was done and how long it took. The output of the command is shown when it fails,
# or at once when VERBOSE is set. Where CI_FAILURES names a file, a failure is noted there.
set -uo pipefail
what=$1
shift
began=$SECONDS
[ ! -t 1 ] || printf '%s …\r' "$what"
if [ -n "${VERBOSE:-}" ]; then
	"$@"
	status=$?
else
	output=$(mktemp)
	trap 'rm -f "$output"' EXIT
	"$@" >"$output" 2>&1
	status=$?
	[ "$status" -eq 0 ] || cat "$output"
fi
if [ "$status" -ne 0 ]; then
	printf '%s: failed after %d s\n' "$what" $((SECONDS - began)) >&2
	[ -z "${CI_FAILURES:-}" ] || printf '%s: %s\n' "$what" "$*" >>"$CI_FAILURES"
	exit "$status"
fi
printf '%-44s %4d s\n' "$what" $((SECONDS - began))
