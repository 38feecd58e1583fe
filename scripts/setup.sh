#!/usr/bin/env bash
# Installs what building, running and testing need, and says so: packages on Debian or Ubuntu, and S3 servers for the tests
# in .cache/bin. What is there is left alone.
# Go, Node and make themselves must be there already.
set -euo pipefail
cd "$(dirname "$0")/.."

say() { printf 'setup: %s\n' "$*"; }
fail() { printf 'setup: %s\n' "$*" >&2; exit 1; }

command -v go >/dev/null || fail "Go is missing. Install Go 1.26 or newer: https://go.dev/dl/"
command -v node >/dev/null || fail "Node is missing. Install Node 20 or newer: https://nodejs.org/"
command -v npm >/dev/null || fail "npm is missing. It usually comes with Node."
node_major=$(node -p 'process.versions.node.split(".")[0]')
[ "$node_major" -ge 20 ] || fail "Node $(node --version) is too old: 20 or newer is needed."

# The tests of the S3 engine run on real servers. They are only ever started by tests, on the loopback.
servers=(github.com/versity/versitygw/cmd/versitygw@v1.8.0 github.com/johannesboyne/gofakes3/cmd/gofakes3@v1.2.0)
gobin=$(go env GOBIN)
for server in "${servers[@]}"; do
	program=${server##*/}
	if ! PATH="$PATH:$PWD/.cache/bin:${gobin:-$(go env GOPATH)/bin}" command -v "${program%@*}" >/dev/null; then
		say "building $server into .cache/bin, for the tests"
		mkdir -p .cache/bin
		GOBIN="$PWD/.cache/bin" go install "$server" || fail "${program%@*} could not be built. The lines above say why."
	fi
done

# program or file → Debian package
wanted=(
	"ffmpeg:ffmpeg"
	"ffprobe:ffmpeg"
	"chromium:chromium"
	"nginx:nginx-light"
	"wrk:wrk"
	"strace:strace"
	"bindfs:bindfs"
	"openssl:openssl"
	"/usr/share/doc/opencv-doc/examples/data/vtest.avi:opencv-doc"
	"/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf:fonts-dejavu-core"
)
there() {
	case $1 in
	/*) [ -e "$1" ] || [ -e "$1.gz" ] ;;
	chromium) command -v chromium >/dev/null || command -v chromium-browser >/dev/null ;;
	*) command -v "$1" >/dev/null || [ -x "/usr/sbin/$1" ] ;;
	esac
}
missing=()
for entry in "${wanted[@]}"; do
	package=${entry#*:}
	if ! there "${entry%%:*}" && [[ " ${missing[*]-} " != *" $package "* ]]; then
		missing+=("$package")
	fi
done
[ ${#missing[@]} -gt 0 ] || exit 0

say "missing on this machine: ${missing[*]}"
command -v apt-get >/dev/null || fail "apt-get is not here, so these cannot be installed for you. Please install them yourself."
sudo=()
if [ "$(id -u)" -ne 0 ]; then
	command -v sudo >/dev/null || fail "not root and no sudo here. As root, run: apt-get install ${missing[*]}"
	sudo=(sudo)
fi
say "installing them with apt-get"
"${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get update -qq
"${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" ||
	fail "apt-get could not install them. The lines above say why."
for entry in "${wanted[@]}"; do
	there "${entry%%:*}" || fail "${entry#*:} is installed, but ${entry%%:*} is still not there."
done
say "done"
