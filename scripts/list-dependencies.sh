#!/usr/bin/env bash
# Prints the modules that are compiled into the server and the packages in the web app, with versions and, for modules, the
# day of the version: docs/dependencies.md. --check fails when that document lists other versions.
set -euo pipefail
cd "$(dirname "$0")/.."
modules() {
	go list -deps -f '{{with .Module}}{{if not .Main}}{{.Path}} {{.Version}} {{with .Time}}{{.Format "2006-01-02"}}{{end}}{{end}}{{end}}' \
		./cmd/movify | sort -u
}
packages() {
	node -p 'const {packages} = require("./web/package-lock.json"), wanted = Object.keys(packages[""].dependencies);
		wanted.map((name) => `${name} ${packages[`node_modules/${name}`].version}`).join("\n")'
}
if [ "${1:-}" = --check ]; then
	{ modules | cut -d' ' -f1,2; packages; } | while read -r name version; do
		grep -qF "| $name | $version |" docs/dependencies.md || {
			echo "docs/dependencies.md does not list $name $version; run: scripts/list-dependencies.sh > docs/dependencies.md" >&2
			exit 1
		}
	done
	exit
fi
cat <<'TEXT'
# Dependencies

What is compiled into the server and the web app. No vulnerability database is bundled: compare this list with one, as `govulncheck` does
where it can reach its own (`go run golang.org/x/vuln/cmd/govulncheck@latest ./...`) and `npm audit` does for the web app. Made by
`scripts/list-dependencies.sh`; `make check` fails when it is out of date.

## Server

| module | version | of |
|---|---|---|
TEXT
modules | sed -E 's/^([^ ]+) ([^ ]+) ?(.*)$/| \1 | \2 | \3 |/'
printf '\n## Web app\n\n| package | version |\n|---|---|\n'
packages | sed -E 's/^([^ ]+) ([^ ]+)$/| \1 | \2 |/'
