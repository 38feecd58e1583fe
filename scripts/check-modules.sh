#!/usr/bin/env bash
# Fails when `go mod tidy` would change go.mod or go.sum. Tidy also reads the modules that the tests of our dependencies
# import: without a network it needs a module cache in which it has run once before.
set -euo pipefail
cd "$(dirname "$0")/.."
if ! difference=$(go mod tidy -diff); then
	[ -z "$difference" ] || printf 'go.mod or go.sum is not tidy, run go mod tidy:\n%s\n' "$difference" >&2
	exit 1
fi
