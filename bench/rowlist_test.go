package main

import (
	"fmt"
	"path/filepath"
	"slices"
	"testing"

	mkv "movify/pkg/matroska/matroskatest"
	"movify/pkg/testkit"
)

// mediaRows are the kinds of files of docs/media.md, in its order.
func mediaRows() []row {
	return slices.Concat(
		lengthRows(), damageRows(), joinedRows(), interlacedRows(), soundRows(), codecRows(), pictureRows(), geometryRows(),
		trackRows(), discRows(),
	)
}

func lengthRows() []row {
	const all = 0xffffffff
	fragments := and(rowAAC, "-movflags", "+frag_keyframe+empty_moov")
	avi := and(rowASP, "-bf", "0")
	return []row{
		{name: "plain MP4", make: look{}.film("plain.mp4", rowAAC...)},
		{name: "plain Matroska", make: look{}.film("plain.mkv", rowAAC...)},
		{name: "no length: WebM of a live recording", make: look{}.film("live.webm", "-c:v", "libvpx", "-deadline", "realtime", "-cpu-used", "8",
			"-b:v", "300k", "-c:a", "libopus", "-live", "1")},
		{name: "no length: live Matroska", make: look{}.film("live.mkv", and(rowAAC, "-live", "1")...)},
		{name: "no length: Flash", make: look{}.film("plain.flv", and(rowAAC, "-ar", "44100", "-flvflags", "no_duration_filesize")...)},
		{name: "no length: AVI", make: look{}.edited("a.avi", aviFrames(0), avi...), within: 1},
		{name: "all ones: mdhd of fragments", make: look{}.edited("f.mp4", ticks("mdhd", all), fragments...)},
		{name: "all ones: mvhd of fragments", make: look{}.edited("f.mp4", ticks("mvhd", all), fragments...)},
		{name: "all ones: mvhd", make: look{}.edited("a.mp4", ticks("mvhd", all), rowAAC...)},
		{name: "two headers: Info and tags", make: look{}.edited("a.mkv", matroskaLength(200_000, "00:00:09.021000000"), rowAAC...)},
		{name: "two meanings: a tag by mkvmerge", make: look{late: [2]string{"1"}}.edited("a.mkv",
			replace("DURATION\x44\x87\x94", 0, []byte("00:00:09.000000000")...), rowAAC...), frames: 251},
		{name: "too long: Matroska", make: look{}.edited("a.mkv", matroskaLength(60_000, "00:01:00.000000000"), rowAAC...)},
		{name: "too long: mvhd", make: look{}.edited("a.mp4", ticks("mvhd", 60_000), rowAAC...)},
		{name: "too long: mdhd", make: look{}.edited("a.mp4", ticks("mdhd", 5_000_000), rowAAC...)},
		{name: "too long: AVI", make: look{}.edited("a.avi", aviFrames(900), avi...), within: 1},
		{name: "too short: Matroska", make: look{}.edited("a.mkv", matroskaLength(1000, "00:00:01.000000000"), rowAAC...)},
		{name: "too short: mvhd", make: look{}.edited("a.mp4", ticks("mvhd", 1500), rowAAC...)},
		{name: "too short: mdhd", make: look{}.edited("a.mp4", ticks("mdhd", 13_000), rowAAC...)},
		{name: "too short: AVI", make: look{}.edited("a.avi", aviFrames(30), avi...), within: 1},
		{name: "a last picture that never ends", make: look{}.edited("endless.mp4", lastPictureLasts(3), rowAAC...), frames: 249, within: 1,
			known: "check does not know how long a last picture lasts"},
	}
}

func damageRows() []row {
	front := and(rowAAC, "-movflags", "+faststart")
	fragments := and(rowAAC, "-movflags", "+frag_keyframe+empty_moov")
	groups := func(args []string) []string { return and(args, "-g", "12") }
	const lost = 12 // pictures of a group that may not be decoded, or that ffmpeg decodes in spite of damage
	return []row{
		{name: "cut: Matroska", make: look{}.damaged("cut.mkv", cutOff(6), groups(rowAAC)...), within: lost},
		{name: "cut: MP4", make: look{}.damaged("cut.mp4", cutOff(6), groups(front)...), within: lost},
		{name: "cut: fragments", make: look{}.damaged("cutf.mp4", cutOff(6), groups(fragments)...), within: lost},
		{name: "cut: AVI", make: look{}.damaged("cut.avi", cutOff(6), and(rowASP, "-bf", "0", "-g", "12")...), within: lost},
		{name: "cut: TS", make: look{}.damaged("cut.ts", cutOff(6), groups(rowAAC)...), within: lost},
		{name: "cut: MP4 without its moov", make: look{}.damaged("nomoov.mp4", cutOff(6), rowAAC...), refused: 6},
		{name: "zeros: Matroska", make: look{}.damaged("zeros.mkv", zeroed(6), groups(rowAAC)...), within: lost},
		{name: "zeros: MP4", make: look{}.damaged("zeros.mp4", zeroed(6), groups(front)...), within: lost},
		{name: "zeros: TS", make: look{}.damaged("zeros.ts", zeroed(6), groups(rowAAC)...), within: lost},
		{name: "noise at the end: MP4", make: look{}.damaged("noise.mp4", noised(0.6, 1), groups(front)...), within: lost},
		{name: "noise in the middle: TS", make: look{}.damaged("middle.ts", noised(0.30, 0.33), groups(rowAAC)...), frames: 225, within: 2, aside: 40},
	}
}

func joinedRows() []row {
	part := func(name, seconds, offset string, args ...string) func(*testing.T) rowFile {
		return look{seconds: seconds}.film(name, and(args, "-output_ts_offset", offset)...)
	}
	first := part("first.ts", "3", "0", rowAAC...)
	silent := look{seconds: "6", silent: true}.film("silent.ts", rowH264...)
	return []row{
		{name: "joined: a clock that starts again", make: joinedRow("clock.ts", first, part("second.ts", "6", "0", rowAAC...))},
		{name: "joined: B-frames", make: joinedRow("b.ts", part("b1.ts", "3", "0", rowBAAC...), part("b2.ts", "6", "0", rowBAAC...))},
		{name: "joined: an hour later", make: joinedRow("hour.ts", first, part("hour.ts", "6", "3600", rowAAC...))},
		{name: "joined: other PIDs", make: joinedRow("pids.ts", first, part("pids.ts", "6", "0",
			and(rowAAC, "-mpegts_start_pid", "0x200", "-mpegts_pmt_start_pid", "0x1100")...))},
		{name: "joined: packets of 192 bytes", make: joinedRow("disc.m2ts", part("a.m2ts", "3", "0", rowAAC...), part("b.m2ts", "6", "0", rowAAC...))},
		{name: "joined: another codec and size", make: joinedRow("codec.ts", first, part("mpeg2.ts", "6", "0", and(rowMPEG, "-s", "320x240")...))},
		{name: "joined: no sound in the second", make: joinedRow("mute.ts", first, silent)},
		{name: "joined: AC-3", make: joinedRow("ac3.ts", part("1.ts", "3", "0", rowMPEG...), part("2.ts", "6", "0", rowMPEG...))},
		{name: "a clock of 33 bits starts over", make: part("wrap.ts", "9", "95438", rowBAAC...)},
	}
}

func interlacedRows() []row {
	asp := []string{"-c:v", "mpeg4", "-q:v", "3", "-flags", "+ildct+ilme", "-top", "1", "-g", "25", "-c:a", "mp3"}
	dv := look{size: "720x576", seconds: "5", woven: true, picture: ",setfield=bff"}
	whole := []string{"-vf", "setfield=prog", "-c:v", "mjpeg", "-q:v", "3", "-pix_fmt", "yuvj420p", "-field_order", "tt", "-c:a", "pcm_s16le"}
	return []row{
		{name: "interlaced: MPEG-2 in TS", make: look{woven: true}.film("i.ts", and(rowMPEG, "-flags", "+ildct+ilme", "-top", "1")...), fields: true, within: 2},
		{name: "interlaced: MPEG-2 of 29.97 in Matroska", make: look{woven: true, rate: "30000/1001"}.film("i.mkv", and(rowMPEG, "-flags", "+ildct+ilme", "-top", "1")...), fields: true},
		{name: "interlaced: H.264 in MP4", make: look{woven: true}.film("i.mp4", and(rowAAC, "-flags", "+ildct+ilme", "-x264opts", "tff=1")...), fields: true},
		{name: "interlaced: ASP in AVI", make: look{woven: true}.film("i.avi", asp...), fields: true, within: 2},
		{name: "interlaced: ASP in MP4", make: look{woven: true}.film("asp.mp4", asp...), fields: true},
		{name: "interlaced: ASP in Matroska", make: look{woven: true}.film("asp.mkv", asp...), fields: true},
		{name: "interlaced: DV in AVI", make: dv.film("dv.avi", "-c:v", "dvvideo", "-pix_fmt", "yuv420p", "-c:a", "pcm_s16le", "-ac", "2"), fields: true},
		{name: "interlaced: DV by itself", make: dv.film("raw.dv", "-c:v", "dvvideo", "-pix_fmt", "yuv420p", "-c:a", "pcm_s16le", "-ac", "2"), fields: true, within: 2},
		{name: "not interlaced: fiel of two fields", make: look{}.film("fiel.mov", whole...)},
	}
}

func soundRows() []row {
	pcm := and(rowH264, "-c:a", "pcm_s16le")
	holed := func(filter string) look { return look{sound: filter} }
	const many = ",asetnsamples=240,aselect='not(between(mod(t,0.5),0.1,0.1249))'"
	const overlap = ",asetnsamples=240,asetpts='if(gt(T,3.2),PTS-0.05/TB,PTS)'"
	ends := look{sound: ",atrim=end=4.3"}
	both := "[0:v]trim=start=1:end=7,setpts=PTS-STARTPTS[v]"
	deaf := func(make func(*testing.T) rowFile) func(*testing.T) rowFile {
		return func(t *testing.T) rowFile {
			f := make(t)
			f.truth = []string{look{silent: true}.clip(t, "silent.mp4", rowH264...)}
			return f
		}
	}
	unknown := mkv.Text(0x86, "A_NEVERHEARD")
	two := func(name string, more ...string) func(*testing.T) rowFile {
		return look{}.film(name, slices.Concat([]string{"-map", "0:v", "-map", "1:a", "-map", "1:a"}, rowAAC, more)...)
	}
	return []row{
		{name: "hole of 10 ms", make: holed(soundHole("10")).film("h10.mkv", pcm...)},
		{name: "hole of 20 ms", make: holed(soundHole("20")).film("h20.mkv", pcm...)},
		{name: "hole of 50 ms", make: holed(soundHole("50")).film("h50.mkv", pcm...)},
		{name: "hole of 80 ms", make: holed(soundHole("80")).film("h80.mkv", and(rowH264, "-c:a", "flac")...)},
		{name: "hole of 95 ms", make: holed(soundHole("95")).film("h95.mkv", pcm...)},
		{name: "hole of 400 ms", make: holed(soundHole("800")).film("h800.mkv", pcm...)},
		{name: "hole of 50 ms in TS", make: holed(soundHole("50")).film("h50.ts", and(rowH264, "-c:a", "mp2")...)},
		{name: "many short holes", make: holed(many).film("many.mkv", pcm...)},
		{name: "overlap of 50 ms", make: holed(overlap).film("overlap.mkv", pcm...)},
		{name: "lost packets of AAC", make: copied("lost.mkv", look{}.film("whole.mkv", rowAAC...), "-bsf:a", "noise=drop='between(n,160,162)'")},
		{name: "lost packets of AC-3 in TS", make: copied("lost.ts", look{}.film("whole.ts", rowMPEG...), "-bsf:a", "noise=drop='between(n,100,101)'"), frames: 225},
		{name: "sound before the picture: Matroska", make: look{late: [2]string{"1.4"}}.film("before.mkv", pcm...), frames: 260},
		{name: "sound before the picture: MP4", make: look{late: [2]string{"1.24", "0.03"}}.film("before.mp4", rowAAC...), frames: 256, within: 1},
		{name: "sound before the picture: TS", make: look{late: [2]string{"1.4"}}.film("before.ts", and(rowH264, "-c:a", "mp2")...), frames: 260, within: 1},
		{name: "sound before the picture: AVI", make: look{late: [2]string{"1.4"}}.film("before.avi", and(rowASP, "-bf", "0")...), frames: 260, within: 1},
		{name: "sound behind the picture: Matroska", make: look{picture: ",trim=end=5"}.film("behind.mkv", pcm...), frames: 225, within: 1},
		{name: "sound behind the picture: MP4", make: look{picture: ",trim=end=5"}.film("behind.mp4", rowAAC...), frames: 225, within: 1},
		{name: "sound behind the picture: AVI", make: look{picture: ",trim=end=5"}.film("behind.avi", and(rowH264, "-c:a", "mp3")...), frames: 226, within: 1},
		{name: "sound on both sides: QuickTime", make: look{}.film("both.mov", slices.Concat(
			[]string{"-filter_complex", both, "-map", "[v]", "-map", "1:a"}, pcm)...), frames: 225, within: 1},
		{name: "sound ends early", make: ends.film("early.mkv", pcm...)},
		{name: "sound ends early: TS", make: ends.film("early.ts", rowAAC...)},
		{name: "sound begins late: Matroska", make: look{late: [2]string{"", "3"}}.film("late.mkv", and(rowAAC, "-t", "9")...)},
		{name: "sound begins late: TS", make: look{late: [2]string{"", "2.2"}}.film("late.ts", and(rowAAC, "-t", "9")...)},
		{name: "sound begins late: MP4", make: look{late: [2]string{"", "2.2"}}.film("late.mp4", and(rowAAC, "-t", "9")...)},
		{name: "a track without a decoder", make: boxed("unknown.mkv", two("two.mkv"), map[int][]byte{1: unknown})},
		{name: "all tracks without a decoder", make: deaf(boxed("deaf.mkv", look{}.film("one.mkv", rowAAC...), map[int][]byte{1: unknown}))},
		{name: "video without a decoder", make: boxed("blind.mkv", look{}.film("one.mkv", rowAAC...), map[int][]byte{0: mkv.Text(0x86, "V_NEVERSEEN")}), refused: 6},
		{name: "a track that is not to be used", make: boxed("disabled.mkv", two("two.mkv"), map[int][]byte{1: mkv.Number(0xB9, 0)})},
		{name: "commentary first", make: two("commentary.mkv", "-metadata:s:a:0", "title=Commentary", "-disposition:a:1", "0")},
		{name: "no sound", make: look{silent: true}.film("silent.mp4", rowH264...)},
	}
}

// codecRows are sound of all sorts: with delays of their own, at other rates and with more channels.
func codecRows() []row {
	sound := func(file string, l look, args ...string) row {
		return row{
			name: "sound: " + args[0] + " in " + filepath.Ext(file)[1:] + l.hz, make: l.film(file, slices.Concat(rowH264, []string{"-strict", "-2", "-c:a"}, args)...),
		}
	}
	vorbis := func(r row) row {
		r.known = "times of two lengths of frames, rounded to milliseconds"
		return r
	}
	avi := func(r row) row { // ffmpeg's muxer may add an empty picture
		r.within = 1
		return r
	}
	return []row{
		sound("a.mkv", look{}, "ac3", "-ac", "6"),
		sound("a.mp4", look{}, "eac3", "-ac", "6"),
		sound("b.mkv", look{}, "dca", "-ac", "6"),
		sound("c.mkv", look{}, "truehd"),
		sound("d.mkv", look{}, "libopus"),
		vorbis(sound("e.mkv", look{}, "libvorbis")),
		sound("f.mp4", look{}, "libmp3lame"),
		avi(sound("g.avi", look{}, "libmp3lame")),
		sound("h.mkv", look{}, "mp2"),
		sound("i.mov", look{}, "alac"),
		sound("j.mp4", look{hz: "22050"}, "aac"),
		sound("k.mkv", look{hz: "44100"}, "aac"),
		avi(sound("l.avi", look{hz: "8000"}, "pcm_s16le")),
		sound("m.mkv", look{hz: "96000"}, "flac"),
		sound("n.mkv", look{}, "wmav2"),
		sound("o.ts", look{hz: "44100"}, "aac"),
	}
}

func pictureRows() []row {
	const hole = ",select='not(between(n,80,114))'"
	variable := func(args []string) []string { return and(args, "-fps_mode", "vfr") }
	far := func(args []string) []string { return and(args, "-output_ts_offset", "93600") }
	random := look{rate: "30", picture: ",select='eq(mod(n,30),15)+eq(mod(n,30),14)+not(mod(n,7)-3)+not(mod(n,5)-1)+gt(random(1),0.35)'"}
	x265 := func(args ...string) []string {
		return slices.Concat([]string{"-c:v", "libx265", "-preset", "ultrafast", "-pix_fmt", "yuv420p10le", "-x265-params"}, args, []string{"-c:a", "ac3"})
	}
	pcm := []string{"-c:a", "pcm_s16le"} // MP3 has a delay, which AVI does not tell
	plain := look{}.film("plain.mkv", and(rowB, pcm...)...)
	negative := and(rowBAAC, "-output_ts_offset", "-1", "-avoid_negative_ts", "disabled")
	return []row{
		{name: "a hole in the picture: Matroska", make: look{picture: hole}.film("hole.mkv", variable(rowAAC)...), frames: 225},
		{name: "a hole in the picture: MP4, B-frames", make: look{picture: hole}.film("hole.mp4", variable(rowBAAC)...), frames: 225},
		{name: "a hole in the picture: TS", make: look{picture: hole}.film("hole.ts", variable(rowAAC)...), frames: 225, within: 1},
		{name: "variable rate: Matroska", make: random.film("vfr.mkv", variable(rowAAC)...), frames: 270, within: 2, aside: 21},
		{name: "variable rate: MP4", make: random.film("vfr.mp4", variable(rowBAAC)...), frames: 270, within: 2, aside: 21},
		{name: "one picture a second: MP4", make: look{rate: "1", seconds: "20"}.film("slow.mp4", rowAAC...)},
		{name: "one picture a second: Matroska", make: look{rate: "1", seconds: "20"}.film("slow.mkv", rowAAC...)},
		{name: "one picture a second: AVI", make: look{rate: "1", seconds: "20"}.film("slow.avi", and(rowASP, "-bf", "0")...), within: 1},
		{name: "B-frames in AVI", make: meant(look{}.film("b.avi", and(rowASP, pcm...)...), plain), frames: 225},
		{name: "B-frames in AVI, H.264", make: meant(look{}.film("b264.avi", and(rowB, pcm...)...), plain), frames: 225},
		{name: "B-frames in VOB", make: look{picture: ",noise=c1s=20:c1f=t"}.film("b.vob", rowMPEG...), frames: 225},
		{name: "B-frames in MPEG", make: look{picture: ",noise=c1s=20:c1f=t"}.film("b.mpg", and(rowMPEG, "-c:a", "mp2")...), frames: 225},
		{name: "B-frames in TS", make: look{}.film("b.ts", rowMPEG...), frames: 225},
		{name: "B-frames in TS, H.264", make: look{}.film("b264.ts", rowBAAC...)},
		{name: "B-frames in Matroska", make: look{}.film("b.mkv", rowBAAC...)},
		{name: "B-frames in Flash", make: look{}.film("b.flv", and(rowBAAC, "-ar", "44100")...)},
		{name: "from 26 hours: MP4", make: look{}.film("far.mp4", far(rowBAAC)...)},
		{name: "from 26 hours: Matroska", make: look{}.film("far.mkv", far(rowBAAC)...)},
		{name: "from 26 hours: TS", make: look{}.film("far.ts", far(rowBAAC)...)},
		{name: "pictures before zero: MP4", make: look{}.film("negative.mp4", negative...), frames: 200},
		{name: "an edit list of two", make: cutByEdits("edits.mp4", rowAAC, 0), frames: 175, flashes: 7, known: "as ffmpeg gives it"},
		{name: "an edit list of two, B-frames", make: cutByEdits("editsb.mp4", rowBAAC, 1024), frames: 175, flashes: 7, known: "as ffmpeg gives it"},
		{name: "a copy from the middle: MP4", make: func(t *testing.T) rowFile {
			plain := look{}.clip(t, "plain.mp4", rowBAAC...)
			return rowFile{path: testkit.Clip(t, "copy.mp4", "-ss", "1.3", "-i", plain, "-c", "copy")}
		}, within: 1},
		{name: "HDR: PQ", make: look{}.film("pq.mkv", x265("log-level=none:colorprim=bt2020:transfer=smpte2084:colormatrix=bt2020nc")...)},
		{name: "HDR: HLG", make: look{}.film("hlg.mp4", x265("log-level=none:colorprim=bt2020:transfer=arib-std-b67:colormatrix=bt2020nc", "-tag:v", "hvc1")...)},
		{name: "wide gamut without HDR", make: look{}.film("wide.mkv", x265("log-level=none:colorprim=bt2020:transfer=bt2020-10:colormatrix=bt2020nc")...)},
		{name: "full range of a camera", make: look{}.film("camera.avi", "-c:v", "mjpeg", "-q:v", "3", "-pix_fmt", "yuvj420p", "-c:a", "pcm_s16le")},
		{name: "RGB", make: look{}.film("rgb.mkv", "-c:v", "libx264rgb", "-preset", "ultrafast", "-c:a", "flac")},
		{name: "23.976 a second", make: look{rate: "24000/1001"}.film("film.mkv", rowBAAC...)},
		{name: "29.97 a second", make: look{rate: "30000/1001"}.film("ntsc.mkv", rowBAAC...)},
		{name: "59.94 a second", make: look{rate: "60000/1001"}.film("p60.mp4", rowAAC...)},
		{name: "10 a second in AVI", make: look{rate: "10"}.film("ten.avi", and(rowASP, "-bf", "0")...), within: 1},
		{name: "VP9 in WebM", make: look{}.film("vp9.webm", "-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8", "-c:a", "libopus")},
		{name: "Theora in Ogg", make: look{}.film("theora.ogv", "-c:v", "libtheora", "-q:v", "6", "-c:a", "libvorbis")},
		{name: "WMV", make: look{}.film("a.wmv", "-c:v", "wmv2", "-q:v", "3", "-c:a", "wmav2"), within: 1},
		{name: "3GP", make: look{size: "176x144"}.film("a.3gp", "-c:v", "h263", "-q:v", "3", "-c:a", "aac")},
		{name: "MXF", make: look{}.film("a.mxf", "-c:v", "mpeg2video", "-q:v", "3", "-c:a", "pcm_s16le"), within: 1},
	}
}

func geometryRows() []row {
	crop := mkv.Element(0xE0, mkv.Number(0xB0, 160), mkv.Number(0xBA, 120), mkv.Number(0x54CC, 20), mkv.Number(0x54DD, 20))
	eyes := mkv.Element(0xE0, mkv.Number(0xB0, 160), mkv.Number(0xBA, 120), mkv.Number(0x53B8, 1))
	plain := look{}.film("plain.mkv", rowAAC...)
	return []row{
		{name: "PixelCrop", make: boxed("crop.mkv", plain, map[int][]byte{0: crop})},
		{name: "3D, side by side", make: boxed("stereo.mkv", plain, map[int][]byte{0: eyes})},
		{name: "rotated", make: copied("turned.mp4", look{}.film("plain.mp4", rowAAC...), "-metadata:s:v:0", "rotate=90")},
		{name: "anamorphic", make: look{picture: ",setsar=64/45"}.film("wide.mkv", rowAAC...)},
		{name: "odd size, 4:4:4", make: look{size: "161x121"}.film("odd.mkv", "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv444p", "-c:a", "flac")},
	}
}

func trackRows() []row {
	cover := []string{"-f", "lavfi", "-i", "color=red:s=64x64:d=0.04"}
	attached := func(name string, more ...string) func(*testing.T) rowFile {
		return look{}.film(name, slices.Concat(cover, []string{"-map", "2:v", "-map", "0:v", "-map", "1:a",
			"-c:v:0", "mjpeg", "-c:v:1", "libx264", "-preset", "ultrafast", "-pix_fmt:v:1", "yuv420p", "-c:a", "aac"}, more)...)
	}
	angles := func(name string, more ...string) func(*testing.T) rowFile {
		return look{}.film(name, slices.Concat([]string{"-f", "lavfi", "-i", "testsrc2=s=160x120:r=25:d=9", "-map", "2:v", "-map", "0:v", "-map", "1:a"}, rowAAC, more)...)
	}
	order := mkv.Element(0x1043A770, mkv.Element(0x45B9, mkv.Number(0x45DD, 1), mkv.Number(0x45DB, 1),
		mkv.Element(0xB6, mkv.Number(0x73C4, 7), mkv.Number(0x91, 5_000_000_000), mkv.Number(0x92, 9_000_000_000)),
		mkv.Element(0xB6, mkv.Number(0x73C4, 8), mkv.Number(0x91, 0), mkv.Number(0x92, 5_000_000_000))))
	return []row{
		{name: "two films, the second by default", make: angles("angles.mkv", "-disposition:v:0", "0", "-disposition:v:1", "default")},
		{name: "a cover first", make: attached("cover.mp4", "-disposition:v:0", "attached_pic")},
		{name: "a cover as a track", make: attached("track.mkv")},
		{name: "chapters in an order of their own", make: boxed("order.mkv", look{}.film("plain.mkv", rowAAC...), nil, order)},
	}
}

func discRows() []row {
	return []row{
		{name: "DVD", make: dvdRow("9"), frames: 225, within: 1},
		{name: "DVD whose clock begins again", make: dvdRow("4", "5"), frames: 225, within: 2},
		{name: "Blu-ray", make: bluRayRow(and(rowB, "-c:a", "ac3")...), frames: 225, within: 1},
		{name: "Blu-ray, sound of AAC", make: bluRayRow(rowBAAC...), frames: 225, within: 1},
	}
}

// Each row has a name of its own, and there are enough of them.
func TestRowsHaveNames(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, r := range mediaRows() {
		if seen[r.name] {
			t.Errorf("two rows are called %s", r.name)
		}
		seen[r.name] = true
	}
	if len(seen) < 60 {
		t.Error(fmt.Sprint(len(seen), " rows"))
	}
}
