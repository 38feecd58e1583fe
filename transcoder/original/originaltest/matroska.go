package originaltest

import (
	"slices"
	"strings"

	"movify/pkg/matroska/matroskatest"
)

// IDs of elements that ffmpeg does not write (RFC 9559 sections 5.1.4.1.13 and 5.1.4.1.31).
const (
	defaultDuration  = 0x23E383
	contentEncodings = 0x6D80
	contentEncoding  = 0x6240
	compression      = 0x5034
	algorithm        = 0x4254
	settings         = 0x4255
)

// matroskaClips are Matroska and WebM files.
func matroskaClips() []Clip {
	is := func(codecs ...string) []string { return codecs }
	const webm = "-c:v libvpx-vp9 -deadline realtime -cpu-used 8 -g 10 -pix_fmt yuv420p "
	return []Clip{
		{"plain.mkv", both + h264 + aac, 3, is(base, lc), More{}},
		{"b.mkv", both + bframes + aac, 3, is(main, lc), More{}},
		{"pyramid.mkv", both + h264 + "-bf 5 -g 25 -x264-params b-pyramid=normal:b-adapt=0:ref=4 " + aac, 3, is(main, lc), More{}},
		{"open.mkv", both + bframes + "-x264-params open-gop=1:b-adapt=0:keyint=12:min-keyint=12 " + aac, 1, is(main, lc), More{Open: true}},
		{"high10.mkv", both + bframes + "-pix_fmt yuv420p10le " + aac, 3, is("avc1.6E000C", lc), More{}},
		{"interlaced.mkv", both + bframes + "-flags +ilme+ildct " + aac, 3, is("avc1.4D4015", lc), More{}},
		{"silent.mkv", picture + bframes, 3, is(main), More{}},
		{"anamorphic.mkv", both + h264 + "-vf scale=240:180,setsar=4/3 " + aac, 3, is(base, lc), More{}},
		{"film.mkv", both + bframes + "-vf fps=24000/1001 " + aac, 3, is(main, lc), More{}},
		{"vfr.mkv", both + bframes + `-vf select='not(eq(mod(n,5),1))',setpts=PTS+0.01*mod(N\,3)/TB -vsync vfr ` + aac, 3, is(main, lc), More{}},
		{"intra.mkv", both + h264 + "-g 1 " + aac, 3, is(base, lc), More{}},
		{"hvc1.mkv", both + h265 + "open-gop=0:keyint=10:bframes=3 " + aac, 3, is(hvc1, lc), More{}},
		{"repeated.mkv", both + h265 + "open-gop=0:keyint=10:repeat-headers=1 " + aac, 3, is(hvc1, lc), More{}},
		{"cra.mkv", "-f lavfi -i testsrc2=s=320x180:r=5:d=12 " + h265 + "open-gop=1:keyint=10:min-keyint=10:bframes=3:b-adapt=0", 4, is(hvc1), More{}},
		{"hdr.mkv", picture + strings.ReplaceAll(h265, "yuv420p ", "yuv420p10le ") + "open-gop=0:keyint=10:" + pq, 3, is("hvc1.2.4.L60.90"), More{}},
		{"av1.webm", both + "-c:v libsvtav1 -preset 12 -g 10 -pix_fmt yuv420p -c:a libopus", 3, is("av01.0.00M.08", "Opus"), More{}},
		{"vp9.webm", both + webm + "-c:a libopus", 3, is("vp09.00.11.08", "Opus"), More{}},
		{"flac.mkv", both + webm + "-c:a flac", 3, is("vp09.00.11.08", "fLaC"), More{}},
		{"dolby.mkv", both + h264 + "-map 0:v -map 1:a -map 1:a -ac 6 -c:a:0 ac3 -c:a:1 eac3 -metadata:s:a:0 language=ger -metadata:s:a:1 language=fre", 3, is(base, "ac-3", "ec-3"), More{}},
		{"mp3.mkv", both + h264 + "-c:a libmp3lame", 3, is(base, "mp4a.6B"), More{}},
		{"mp3low.mkv", both + h264 + "-c:a libmp3lame -ar 22050", 3, is(base, "mp4a.69"), More{}},
		{"pcm.mkv", both + h264 + "-map 0:v -map 1:a -map 1:a -c:a:0 pcm_s16le -c:a:1 aac -ar 44100", 3, is(base, lc), More{Left: is("A_PCM/INT/LIT codec")}},
		{"early.mkv", "-itsoffset 0.5 " + both + bframes + "-vsync vfr " + aac, 3, is(main, lc), More{HeldMS: 560}},
		{"justlate.mkv", picture + "-itsoffset 0.04 " + tone + h264 + aac, 3, is(base, lc), More{}},
		{"late.mkv", picture + "-itsoffset 1.5 " + tone + h264 + aac, 3, is(base), More{Left: is("A_AAC late")}},
		{"longsound.mkv", picture + "-f lavfi -i sine=440:r=48000:d=14 " + h264 + aac, 3, is(base, lc), More{}},
		{"shortsound.mkv", picture + "-f lavfi -i sine=440:r=48000:d=1.7 " + h264 + aac, 3, is(base, lc), More{}},
		{"front.mkv", both + bframes + "-cues_to_front 1 " + aac, 3, is(main, lc), More{}},
		{"far.mkv", both + bframes + "-output_ts_offset 90000 " + aac, 3, is(main, lc), More{}},
		{"clusters.mkv", both + bframes + "-cluster_time_limit 500 " + aac, 3, is(main, lc), More{}},
		{"stripped.mkv", both + bframes + "-c:a ac3", 3, is(main, "ac-3"), More{Edit: stripped}},
		{"laced.mkv", both + bframes + "-c:a ac3", 3, is(main, "ac-3"), More{Edit: laced}},
		{"aaclaced.mkv", both + bframes + aac + "-ar 32000", 3, is(main, lc), More{Edit: matroskatest.Remux{More: lasting(32_000_000), Lace: map[byte]int{2: 8}}.Write}},
		{"xiph.mkv", both + bframes + "-c:a libmp3lame", 3, is(main, "mp4a.6B"), More{Edit: matroskatest.Remux{Lace: map[byte]int{2: 4}, Kind: matroskatest.Xiph}.Write}},
		{"fixed.mkv", both + bframes + "-c:a ac3", 3, is(main, "ac-3"), More{Edit: matroskatest.Remux{More: lasting(32_000_000), Lace: map[byte]int{2: 3}, Kind: matroskatest.Fixed}.Write}},
		{"strippedlaced.mkv", both + bframes + "-c:a ac3", 3, is(main, "ac-3"), More{Edit: func(file []byte) []byte { return laced(stripped(file)) }}},
		{"whole.mkv", both + bframes + aac, 3, is(main, lc), More{Edit: furnished}},
		{"endless.mkv", both + bframes + aac, 3, is(main, lc), More{Edit: matroskatest.Remux{Endless: true}.Write}},
		{"endlessfront.mkv", both + bframes + aac, 3, is(main, lc), More{Edit: matroskatest.Remux{Endless: true, Front: true}.Write}},
		{"groups.mkv", both + bframes + aac, 3, is(main, lc), More{Edit: grouped}},
		{"groupsvp9.webm", both + webm + "-c:a libopus", 3, is("vp09.00.11.08", "Opus"), More{Edit: grouped}},
		{"nowhere.mkv", both + bframes + aac, 3, is(main, lc), More{Edit: unplaced}},
	}
}

// stripped takes the first byte of each picture, that of the length of a NAL unit, and the first two of each frame of AC-3.
func stripped(file []byte) []byte {
	encoding := func(prefix string) []byte {
		return matroskatest.Element(contentEncodings, matroskatest.Element(contentEncoding, matroskatest.Element(compression,
			matroskatest.Number(algorithm, 3), matroskatest.Text(settings, prefix))))
	}
	return matroskatest.Remux{
		More:  map[int][]byte{0: encoding("\x00"), 1: encoding("\x0b\x77")},
		Frame: func(track byte, frame []byte) []byte { return frame[track:] },
	}.Write(file)
}

// laced puts five frames of AC-3, of 32 ms each, into one Block.
func laced(file []byte) []byte {
	const frameNS = 32_000_000
	return matroskatest.Remux{
		More: map[int][]byte{1: matroskatest.Number(defaultDuration, frameNS)}, Lace: map[byte]int{2: 5},
	}.Write(file)
}

// lasting gives picture and sound the length of their frames, ns.
func lasting(sound uint64) map[int][]byte {
	return map[int][]byte{
		0: matroskatest.Number(defaultDuration, 40_000_000), 1: matroskatest.Number(defaultDuration, sound),
	}
}

// furnished has what programs write beside the Blocks (RFC 9559 section 5.1): Void elements, the size of the Cluster before and the place
// of each, attached files and tags before the first, Cues before that, with the length and the number of their Block, and
// lengths of frames.
func furnished(file []byte) []byte {
	const maxID, maxSize, void, attachments, attached, tags = 0x42F2, 0x42F3, 0xEC, 0x1941A469, 0x61A7, 0x1254C367
	const name, kind, data, uid = 0x466E, 0x4660, 0x465C, 0x46AE
	const prevSize, position, cueDuration, cueNumber = 0xAB, 0xA7, 0xB2, 0x5378
	font := matroskatest.Element(attached, matroskatest.Text(name, "font.ttf"), matroskatest.Text(kind, "font/ttf"),
		matroskatest.Element(data, make([]byte, 70_000)), matroskatest.Number(uid, 7))
	empty := matroskatest.Element(void, make([]byte, 300))
	return matroskatest.Remux{
		Head:    append(matroskatest.Number(maxID, 4), matroskatest.Number(maxSize, 8)...),
		Before:  slices.Concat(empty, matroskatest.Element(attachments, font), matroskatest.Element(tags), empty),
		Inside:  slices.Concat(matroskatest.Number(prevSize, 4711), matroskatest.Number(position, 815), empty),
		CueMore: append(matroskatest.Number(cueDuration, 40), matroskatest.Number(cueNumber, 1)...),
		Front:   true, More: lasting(21_333_333),
	}.Write(file)
}

// grouped writes BlockGroups instead of SimpleBlocks, those of the picture with additions (RFC 9559 section 5.1.3.5.2), those of the
// sound with their lengths.
func grouped(file []byte) []byte {
	const additions, more, number, data, duration, most = 0x75A1, 0xA6, 0xEE, 0xA5, 0x9B, 0x55EE
	extra := matroskatest.Element(more, matroskatest.Number(number, 4), matroskatest.Element(data, []byte("itut35")))
	return matroskatest.Remux{
		More:  map[int][]byte{0: matroskatest.Number(most, 4)},
		Group: map[byte][]byte{1: matroskatest.Element(additions, extra), 2: matroskatest.Number(duration, 21)},
	}.Write(file)
}

// unplaced writes Cues that do not say where in its Cluster a Block is.
func unplaced(file []byte) []byte {
	return matroskatest.Remux{Cue: func(c matroskatest.Cue) matroskatest.Cue { c.Relative = -1; return c }}.Write(file)
}
