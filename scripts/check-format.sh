#!/usr/bin/env bash
# Fails when gofmt would change a file.
set -euo pipefail
cd "$(dirname "$0")/.."
unformatted=$(git ls-files -co --exclude-standard '*.go' | xargs gofmt -l)
if [ -n "$unformatted" ]; then
	printf 'not formatted, run make format:\n%s\n' "$unformatted" >&2
	exit 1
fi
