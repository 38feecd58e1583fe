#!/usr/bin/env bash
# github.com/grafov/m3u8 v0.12.1: reading and writing a valid media playlist moves its byte ranges, and raises its target duration.
#
# Expected: decoding a playlist and encoding it again describes the same bytes. EXT-X-BYTERANGE:n without "@o" begins where the
# range before it ended (RFC 8216bis section 4.4.4.2), and EXTINF rounded to the nearest integer must not exceed the target duration
# (section 4.4.3.1), so 4.004 s fit into 4.
# Seen: the second range, "5000" behind "5000@1000", is given as offset 0 and written as "5000@0": a player would fetch the
# Init Section again instead of the second segment. The target duration 4 that was read is 5 as soon as a segment of 4.004 s
# is appended, also by the decoder. EXT-X-MAP's BYTERANGE, read with quotes, is written without (a quoted-string by section 4.4.4.5).
# What follows: write every offset, set the target duration after the last segment, quote BYTERANGE afterwards (player/hls/render.go),
# and judge playlists with another parser (pkg/hlscheck).
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
cat >go.mod <<'MOD'
module finding

go 1.24

require github.com/grafov/m3u8 v0.12.1
MOD
cat >main.go <<'GO'
package main

import (
	"fmt"
	"strings"

	"github.com/grafov/m3u8"
)

const playlist = `#EXTM3U
#EXT-X-VERSION:7
#EXT-X-TARGETDURATION:4
#EXT-X-MAP:URI="all.mp4",BYTERANGE="720@0"
#EXTINF:4.004,
#EXT-X-BYTERANGE:5000@1000
all.mp4
#EXTINF:4.004,
#EXT-X-BYTERANGE:5000
all.mp4
#EXT-X-ENDLIST
`

func main() {
	read, _, err := m3u8.DecodeFrom(strings.NewReader(playlist), true)
	if err != nil {
		panic(err)
	}
	fmt.Print(read.Encode().String())
}
GO
GOFLAGS=-mod=mod go run . 2>/dev/null >seen
cat seen
diff - seen <<'WANT'
#EXTM3U
#EXT-X-VERSION:7
#EXT-X-MAP:URI="all.mp4",BYTERANGE=720@0
#EXT-X-MEDIA-SEQUENCE:0
#EXT-X-TARGETDURATION:5
#EXT-X-BYTERANGE:5000@1000
#EXTINF:4.004,
all.mp4
#EXT-X-BYTERANGE:5000@0
#EXTINF:4.004,
all.mp4
#EXT-X-ENDLIST
WANT
