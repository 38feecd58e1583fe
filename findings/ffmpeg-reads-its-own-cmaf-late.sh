#!/usr/bin/env bash
# imageio-ffmpeg 0.5.1 (ffmpeg 4.2.2) and 0.6.0 (ffmpeg 7.0.2; Debian's ffmpeg 5.1.9 does the same): the mov muxer and the mov
# demuxer do not agree on negative composition offsets.
#
# Expected: a film with B-frames that ffmpeg writes with -movflags cmaf (or negative_cts_offsets), so with signed composition offsets and no edit list
# (ISO/IEC 23000-19 section 7.5.8, ISO/IEC 14496-12 section 8.6.1.3), begins at 0 when ffmpeg reads it.
# Seen: by its boxes the first picture is shown at 0 (tfdt 0, offset 0), and so hls.js and Chromium have it; ffmpeg gives it one
# frame later, and all others. Without B-frames, and with the edit list of an ordinary MP4, it is at 0. Sound beside it is not
# moved: read by ffmpeg, such a film is out of step by a frame.
# What follows: Init Sections of ours have offsets of 0 and more and an edit list (pkg/mp4.WithEditList), which all readers
# understand. A source of this kind is cut by its boxes in transcoder/original, while the ladder takes what ffmpeg reads: the two
# lie a frame apart (docs/adr/0034).
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

# boxes gives tfdt and the first composition offset of the first fragment, in ticks.
boxes() {
	python3 - "$1" <<'PY'
import struct, sys
data = open(sys.argv[1], "rb").read()
at = data.index(b"tfdt")
version = data[at + 4]
tfdt = struct.unpack(">Q" if version else ">I", data[at + 8:at + (16 if version else 12)])[0]
at = data.index(b"trun")
flags = struct.unpack(">I", data[at + 4:at + 8])[0] & 0xFFFFFF
at += 12 + 4 * bool(flags & 1) + 4 * bool(flags & 4)
at += 4 * bool(flags & 0x100) + 4 * bool(flags & 0x200) + 4 * bool(flags & 0x400)
offset = struct.unpack(">i", data[at:at + 4])[0] if flags & 0x800 else 0
print("  by its boxes decoded at", tfdt, "and shown", offset, "later")
PY
}

signed=frag_keyframe+empty_moov+default_base_moof+negative_cts_offsets # what cmaf sets, by the names that 4.2 knows
for version in 0.5.1 0.6.0; do
	pip install --quiet --root-user-action ignore --disable-pip-version-check --target "$version" "imageio-ffmpeg==$version"
	ffmpeg=$(echo "$dir/$version"/imageio_ffmpeg/binaries/ffmpeg-*)
	"$ffmpeg" -version | sed -n 's/^\(ffmpeg version [0-9.]*\).*/\1/p'
	for how in "2 $signed" "0 $signed" "2 faststart"; do
		read -r between flags <<<"$how"
		"$ffmpeg" -nostdin -v error -y -f lavfi -i testsrc2=rate=25:size=320x180:duration=1 -c:v libx264 -bf "$between" \
			-g 25 -movflags "$flags" film.mp4
		printf "%s B-frames, %s: " "$between" "${flags%%+*}"
		"$ffmpeg" -nostdin -v error -copyts -i film.mp4 -c copy -f framecrc - 2>/dev/null |
			awk -F, '/^#tb/ {split($0, tb, "/")} /^[0-9]/ {printf "first picture at %d ms\n", $3 * 1000 / tb[2]; exit}'
		[ "$flags" = faststart ] || boxes film.mp4
	done
done >seen
cat seen
diff - seen <<'WANT'
ffmpeg version 4.2.2
2 B-frames, frag_keyframe: first picture at 40 ms
  by its boxes decoded at 0 and shown 0 later
0 B-frames, frag_keyframe: first picture at 0 ms
  by its boxes decoded at 0 and shown 0 later
2 B-frames, faststart: first picture at 0 ms
ffmpeg version 7.0.2
2 B-frames, frag_keyframe: first picture at 40 ms
  by its boxes decoded at 0 and shown 0 later
0 B-frames, frag_keyframe: first picture at 0 ms
  by its boxes decoded at 0 and shown 0 later
2 B-frames, faststart: first picture at 0 ms
WANT
