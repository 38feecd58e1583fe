#!/usr/bin/env bash
# imageio-ffmpeg 0.6.0 (ffmpeg 7.0.2; Debian's ffmpeg 5.1.9 does the same): in Matroska, -ss to a time before the first picture
# drops the sound up to this picture, also when only sound is read.
#
# Expected: of a file with six seconds of sound, and pictures from three seconds on, -ss 1 -map 0:a gives five seconds of sound.
# Seen: three seconds, also with -vn; and -ss 0 gives three, though without it there are six. Seeking goes to a key picture,
# whatever is mapped: before the first there is none, so reading begins with the first.
# What follows: read from the beginning, without -ss, when a run begins before the first picture: inputArgs in
# transcoder/ffmpeg/args.go asks firstPicture (transcoder/ffmpeg/held.go).
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
pip install --quiet --root-user-action ignore --disable-pip-version-check --target py imageio-ffmpeg==0.6.0
ffmpeg=$(echo "$dir"/py/imageio_ffmpeg/binaries/ffmpeg-*)

# sound gives the seconds of sound that ffmpeg decodes, 48000 samples of two bytes each.
sound() {
	"$ffmpeg" -nostdin -v error "$@" -map 0:a -f s16le - | wc -c | awk '{ printf "%.1f s of sound\n", $1 / 96000 }'
}

{
	"$ffmpeg" -version | sed -n 's/^\(ffmpeg version [0-9.]*\).*/\1/p'
	"$ffmpeg" -nostdin -v error -f lavfi -i sine=sample_rate=48000:duration=6 \
		-itsoffset 3 -f lavfi -i testsrc=rate=25:size=160x90:duration=3 \
		-map 1:v -map 0:a -c:v mpeg4 -g 25 -c:a pcm_s16le film.mkv
	echo "no -ss: $(sound -i film.mkv)"
	for at in 0 1 2 4; do
		echo "-ss $at: $(sound -ss $at -i film.mkv)"
	done
	echo "-ss 1 -vn: $(sound -ss 1 -vn -i film.mkv)"
} >seen
cat seen
diff - seen <<'WANT'
ffmpeg version 7.0.2
no -ss: 6.0 s of sound
-ss 0: 3.0 s of sound
-ss 1: 3.0 s of sound
-ss 2: 3.0 s of sound
-ss 4: 2.0 s of sound
-ss 1 -vn: 3.0 s of sound
WANT
