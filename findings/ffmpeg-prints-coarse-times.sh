#!/usr/bin/env bash
# imageio-ffmpeg 0.5.1 (ffmpeg 4.2.2; Debian's ffmpeg 5.1.9 does the same): the filters metadata and ametadata print pts_time
# with six digits in all.
#
# Expected: pts_time is pts in seconds, as exact at three hours as at the beginning.
# Seen: four pictures of 25 a second at three hours have pts_time 10800, 10800, 10800.1 and 10800.1: pictures share a time, and
# it is up to a twentieth of a second wrong. So is the time of sound. pts, on the same line, is exact. ffmpeg 7.0.2
# (imageio-ffmpeg 0.6.0) prints six digits behind the point.
# What follows: give the frames a known clock (settb), read pts and never pts_time: transcoder/ffmpeg/facts.go does, in
# measuredClock and printed.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

# printed gives the times that ffmpeg's log has from the filter.
printed() {
	"$@" -f null - 2>&1 | sed -n 's/.* \(pts:\)/\1/p' | tr -s ' '
}

for version in 0.5.1 0.6.0; do
	pip install --quiet --root-user-action ignore --disable-pip-version-check --target "$version" "imageio-ffmpeg==$version"
	ffmpeg=$(echo "$dir/$version"/imageio_ffmpeg/binaries/ffmpeg-*)
	"$ffmpeg" -version | sed -n 's/^\(ffmpeg version [0-9.]*\).*/\1/p'
	echo "metadata=mode=print, pictures:"
	printed "$ffmpeg" -nostdin -f lavfi -i testsrc=rate=25:size=160x90:duration=0.16 \
		-vf setpts=PTS+10800/TB,idet,metadata=mode=print
	echo "ametadata=mode=print, sound:"
	printed "$ffmpeg" -nostdin -f lavfi -i sine=sample_rate=48000:samples_per_frame=1024:duration=0.08 \
		-af asetpts=PTS+10800/TB,astats=metadata=1,ametadata=mode=print
done >seen
cat seen
diff - seen <<'WANT'
ffmpeg version 4.2.2
metadata=mode=print, pictures:
pts:270000 pts_time:10800
pts:270001 pts_time:10800
pts:270002 pts_time:10800.1
pts:270003 pts_time:10800.1
ametadata=mode=print, sound:
pts:518400000 pts_time:10800
pts:518401024 pts_time:10800
pts:518402048 pts_time:10800
pts:518403072 pts_time:10800.1
ffmpeg version 7.0.2
metadata=mode=print, pictures:
pts:270000 pts_time:10800
pts:270001 pts_time:10800.04
pts:270002 pts_time:10800.08
pts:270003 pts_time:10800.12
ametadata=mode=print, sound:
pts:518400000 pts_time:10800
pts:518401024 pts_time:10800.021333
pts:518402048 pts_time:10800.042667
pts:518403072 pts_time:10800.064
WANT
