#!/usr/bin/env bash
# imageio-ffmpeg 0.6.0 (ffmpeg 7.0.2; Debian's ffmpeg 5.1.9 does the same): aresample's first_pts does not place silence when
# there is no sound at all.
#
# Expected: aresample=first_pts=96000,apad=whole_len=1024 gives 1024 samples from sample 96000 on, whatever comes in: first_pts
# is where the output begins, and apad fills up what is missing.
# Seen: with one sample of input it does. With none the 1024 samples of silence have no time, and the muxer writes them at 0.
# What follows: number the samples after apad (asetpts=N+first), for a run behind the end of a track of sound: samples in
# transcoder/ffmpeg/args.go does.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
pip install --quiet --root-user-action ignore --disable-pip-version-check --target py imageio-ffmpeg==0.6.0
ffmpeg=$(echo "$dir"/py/imageio_ffmpeg/binaries/ffmpeg-*)

# begins gives where the output begins, and its length, for an input that has the given number of samples, from two seconds on.
begins() {
	"$ffmpeg" -nostdin -v error -copyts -f lavfi -i sine=sample_rate=48000:duration=3 -af \
		"atrim=start_sample=96000:end_sample=$((96000 + $1)),aresample=48000:async=1:first_pts=96000,apad=whole_len=1024$2" \
		-f framecrc - | awk -F ', *' '/^0,/ { if (!n) at = $3; n += $4 } END { print n " samples from " at " on" }'
}

{
	"$ffmpeg" -version | sed -n 's/^\(ffmpeg version [0-9.]*\).*/\1/p'
	echo "one sample of input: $(begins 1 '')"
	echo "no input: $(begins 0 '')"
	echo "no input, and asetpts=N+96000 behind apad: $(begins 0 ,asetpts=N+96000)"
} >seen
cat seen
diff - seen <<'WANT'
ffmpeg version 7.0.2
one sample of input: 1024 samples from 96000 on
no input: 1024 samples from 0 on
no input, and asetpts=N+96000 behind apad: 1024 samples from 96000 on
WANT
