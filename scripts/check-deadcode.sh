#!/usr/bin/env bash
# Fails when a function cannot be reached from cmd/ or bench/, or when an entry of the allow-list is no longer needed.
# The tool is not a requirement in go.mod, so that its own modules do not take part in choosing ours.
set -euo pipefail
cd "$(dirname "$0")/.."
tool=golang.org/x/tools/cmd/deadcode@v0.52.0

# Exported for tests of other packages. At most three.
allowed='movify/pkg/api.API.Classes
movify/pkg/api.API.Routes
movify/pkg/hlscheck.FS'

# Without cgo the analysis sees the build that is shipped.
list='{{range .Funcs}}{{println (printf "%s.%s" $.Path .Name)}}{{end}}'
unreachable=$(CGO_ENABLED=0 go run "$tool" -f "$list" ./cmd/... ./bench/... | sed '/^$/d' | LC_ALL=C sort)
dead=$(LC_ALL=C comm -13 <(echo "$allowed") <(echo "$unreachable"))
reached=$(LC_ALL=C comm -23 <(echo "$allowed") <(echo "$unreachable"))
[ -z "$dead" ] || printf 'not reached from cmd/ or bench/, remove it or call it:\n%s\n' "$dead" >&2
[ -z "$reached" ] || printf 'reached or gone, remove it from the allow-list in scripts/check-deadcode.sh:\n%s\n' "$reached" >&2
[ -z "$dead$reached" ]
