#!/usr/bin/env bash
# Usage: setup.sh run|test|bench
# Installs the missing programs for running, testing or measuring Movify, and says which: Debian or Ubuntu packages and, for
# tests and measurements, S3 servers in the user's cache folder, where all work copies find them. Programs that are there are
# left alone, and where all are there nothing is printed. Go, Node and make have to be there already.
set -euo pipefail
cd "$(dirname "$0")/.."
purpose=${1:?usage: setup.sh run|test|bench}

say() { printf 'setup: %s\n' "$*"; }
fail() { printf 'setup: %s\n' "$*" >&2; exit 1; }

command -v go >/dev/null || fail "Go is missing. Install Go 1.26 or newer: https://go.dev/dl/"
command -v node >/dev/null || fail "Node is missing. Install Node 20 or newer: https://nodejs.org/"
command -v npm >/dev/null || fail "npm is missing. It usually comes with Node."
node_major=$(node -p 'process.versions.node.split(".")[0]')
[ "$node_major" -ge 20 ] || fail "Node $(node --version) is too old: 20 or newer is needed."

# program or file → Debian package
wanted=("ffmpeg:ffmpeg" "ffprobe:ffmpeg")
servers=()
case $purpose in
run) ;;
test | bench)
	wanted+=(
		"browser:chromium"
		"nginx:nginx-light"
		"strace:strace"
		"bindfs:bindfs"
		"openssl:openssl"
		"/usr/share/doc/opencv-doc/examples/data/vtest.avi:opencv-doc"
		"/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf:fonts-dejavu-core"
	)
	[ "$purpose" = test ] || wanted+=("wrk:wrk")
	# The S3 engine is tested on real servers. Only tests start them, on the loopback.
	servers=(github.com/versity/versitygw/cmd/versitygw@v1.8.0 github.com/johannesboyne/gofakes3/cmd/gofakes3@v1.2.0)
	;;
*) fail "unknown purpose $purpose: run, test or bench" ;;
esac

programs=${XDG_CACHE_HOME:-$HOME/.cache}/movify/bin
for server in "${servers[@]}"; do
	program=$(basename "${server%@*}")
	command -v "$program" >/dev/null && continue
	# One of an earlier version is replaced.
	if ! go version -m "$programs/$program" 2>/dev/null | grep -w "${server#*@}" >/dev/null; then
		mkdir -p "$programs"
		scripts/quietly.sh "build $program for the tests" env GOBIN="$programs" go install "$server"
	fi
done

there() {
	case $1 in
	/*) [ -e "$1" ] || [ -e "$1.gz" ] ;;
	browser) command -v chromium-headless-shell >/dev/null || command -v chromium >/dev/null || command -v chromium-browser >/dev/null ;;
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
# Chromium's headless shell takes half the processor time of a whole Chromium, but not every distribution has it. A machine
# with Chromium and no way to get the shell is tested with Chromium.
headless() {
	[ "$purpose" != run ] && ! command -v chromium-headless-shell >/dev/null && apt-cache show chromium-headless-shell >/dev/null 2>&1
}
give_up() { fail "$1"; }
if [ ${#missing[@]} -eq 0 ]; then
	headless || exit 0
	missing=(chromium-headless-shell)
	unset CI_FAILURES # where this cannot be installed nothing has failed
	give_up() {
		say "$1 The tests use Chromium, which takes longer."
		exit 0
	}
fi

say "missing on this machine: ${missing[*]}"
command -v apt-get >/dev/null || fail "apt-get is not here, so these cannot be installed for you. Please install them yourself."
sudo=()
if [ "$(id -u)" -ne 0 ]; then
	command -v sudo >/dev/null || give_up "not root and no sudo here. As root, run: apt-get install ${missing[*]}"
	sudo=(sudo)
fi
scripts/quietly.sh "update the list of packages" "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get update -qq ||
	give_up "apt-get update failed. The lines above say why."
! headless || missing=("${missing[@]/%chromium/chromium-headless-shell}")
scripts/quietly.sh "install ${missing[*]}" "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive \
	apt-get install -y -qq --no-install-recommends "${missing[@]}" ||
	give_up "apt-get could not install them. The lines above say why."
for entry in "${wanted[@]}"; do
	there "${entry%%:*}" || fail "${entry#*:} is installed, but ${entry%%:*} is still not there."
done
