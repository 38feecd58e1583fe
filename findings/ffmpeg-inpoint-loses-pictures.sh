#!/usr/bin/env bash
# av 12.3.0 (PyAV with FFmpeg 6.1; Debian's ffmpeg 5.1.9 does the same): a clip of MPEG-TS that the concat demuxer enters at the
# time of its first picture loses this picture.
#
# Expected: an inpoint that is the time of the first picture leaves nothing out; the documentation promises that all streams can
# be presented from there, with extra packets before it (https://ffmpeg.org/ffmpeg-formats.html#concat-1).
# Seen: of two clips with 100 pictures each, 187 are decoded: each clip begins behind its first picture, which is a key picture.
# Of the first clip nothing can be decoded before the next one, half a second later; of the second clip one picture is missing,
# though others refer to it. An inpoint half a second before the first picture loses none.
# What follows: enter every clip half a second before its first picture, all alike, so that the joints stay where they are:
# clipLead in transcoder/ffmpeg/input.go.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
pip install --quiet --root-user-action ignore --disable-pip-version-check --only-binary :all: --target py av==12.3.0
cat >main.py <<'PY'
import av


def make(path):
    """Writes four seconds of pictures, 25 a second, a key picture every 12."""
    with av.open(path, "w", format="mpegts") as out, \
            av.open("testsrc=rate=25:size=160x90:duration=4", format="lavfi") as source:
        to = out.add_stream("mpeg2video", rate=25)
        to.width, to.height, to.pix_fmt, to.gop_size, to.max_b_frames = 160, 90, "yuv420p", 12, 2
        for picture in source.decode(video=0):
            picture = picture.reformat(format="yuv420p")
            picture.pict_type = "NONE"  # the encoder decides
            out.mux(to.encode(picture))
        out.mux(to.encode())


def times(path):
    """Gives the times of the pictures as the packets have them, seconds."""
    with av.open(path) as clip:
        return sorted(float(p.pts * p.time_base) for p in clip.demux(video=0) if p.size)


def joined(path, inpoint):
    """Counts the pictures that are decoded of two clips one behind the other."""
    with open("list", "w") as out:
        out.write("ffconcat version 1.0\n" + f"file {path}\n{inpoint}duration 4\n" * 2)
    with av.open("list", format="concat") as both:
        return sum(1 for _ in both.decode(video=0))


make("clip.ts")
first = times("clip.ts")[0]
print("pictures of a clip:", len(times("clip.ts")))
print("both clips, no inpoint:", joined("clip.ts", ""))
for lead in 0, 0.5:
    print(f"both clips, inpoint {lead} s before the first picture:", joined("clip.ts", f"inpoint {first - lead:.6f}\n"))
PY
PYTHONPATH=$dir/py python3 main.py >seen
cat seen
diff - seen <<'WANT'
pictures of a clip: 100
both clips, no inpoint: 200
both clips, inpoint 0 s before the first picture: 187
both clips, inpoint 0.5 s before the first picture: 200
WANT
