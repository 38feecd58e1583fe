package originaltest

// tsClips are MPEG transport streams.
func tsClips() []Clip {
	is := func(codecs ...string) []string { return codecs }
	const x265 = "-c:v libx265 -preset ultrafast -pix_fmt yuv420p -x265-params log-level=error:"
	return []Clip{
		{"plain.ts", both + h264 + aac, 3, is(base, lc), More{}},
		{"b.ts", both + bframes + aac, 3, is(main, lc), More{}},
		{"b.m2ts", both + bframes + "-c:a ac3", 3, is(main, "ac-3"), More{}},
		{"pyramid.ts", both + h264 + "-bf 5 -g 25 -x264-params b-pyramid=normal:b-adapt=0:ref=4 " + aac, 3, is(main, lc), More{}},
		{"open.ts", both + bframes + "-x264-params open-gop=1:b-adapt=0:keyint=12:min-keyint=12 " + aac, 1, is(main, lc), More{Open: true}},
		{"high10.ts", both + bframes + "-pix_fmt yuv420p10le " + aac, 3, is("avc1.6E000C", lc), More{}},
		{"interlaced.ts", both + bframes + "-flags +ilme+ildct " + aac, 3, is("avc1.4D4015", lc), More{}},
		{"silent.ts", picture + bframes, 3, is(main), More{}},
		{"anamorphic.ts", both + h264 + "-vf scale=240:180,setsar=4/3 " + aac, 3, is(base, lc), More{}},
		{"film.ts", both + bframes + "-vf fps=24000/1001 " + aac, 3, is(main, lc), More{}},
		{"intra.ts", both + h264 + "-g 1 " + aac, 3, is(base, lc), More{}},
		{"slices.ts", both + bframes + "-slices 4 " + aac, 3, is(main, lc), More{}},
		{"wrap.ts", both + bframes + "-output_ts_offset 95441.5 " + aac, 3, is(main, lc), More{}},
		{"hevc.ts", both + x265 + "open-gop=0:keyint=10:bframes=3 " + aac, 3, is(hvc1, lc), More{}},
		{"cra.ts", "-f lavfi -i testsrc2=s=320x180:r=5:d=12 " + x265 + "open-gop=1:keyint=10:min-keyint=10:bframes=3:b-adapt=0", 4, is(hvc1), More{}},
		{"hdr.ts", picture + "-c:v libx265 -preset ultrafast -pix_fmt yuv420p10le -x265-params log-level=error:open-gop=0:keyint=10:" + pq, 3, is("hvc1.2.4.L60.90"), More{}},
		{"rate.ts", both + h264 + aac + "-ar 44100", 3, is(base, lc), More{}},
		{"dolby.ts", both + h264 + "-map 0:v -map 1:a -map 1:a -ac 6 -c:a:0 ac3 -c:a:1 eac3 -metadata:s:a:0 language=ger -metadata:s:a:1 language=fre", 3, is(base, "ac-3", "ec-3"), More{}},
		{"dolby.m2ts", both + h264 + "-map 0:v -map 1:a -map 1:a -ac 6 -c:a:0 ac3 -c:a:1 eac3", 3, is(base, "ac-3", "ec-3"), More{}},
		{"broadcast.ts", both + h264 + "-mpegts_flags system_b -c:a ac3", 3, is(base, "ac-3"), More{}},
		{"mp3.ts", both + h264 + "-c:a libmp3lame", 3, is(base, "mp4a.6B"), More{}},
		{"mp3low.ts", both + h264 + "-c:a libmp3lame -ar 22050", 3, is(base, "mp4a.69"), More{}},
		{"mp2.ts", both + h264 + "-c:a mp2", 3, is(base), More{Left: is("A_MPEG/L3 codec")}},
		{"latm.ts", both + h264 + "-map 0:v -map 1:a -map 1:a -c:a:0 aac -c:a:1 ac3 -mpegts_flags latm", 3, is(base, "ac-3"), More{Left: is("LATM codec")}},
		{"programs.ts", both + bframes + aac + "-map 0:v -map 1:a -map 0:v -map 1:a -program st=0:st=1 -program st=2:st=3", 3, is(main, lc, lc), More{}},
		{"early.ts", "-itsoffset 0.5 " + both + bframes + "-vsync vfr " + aac, 3, is(main, lc), More{HeldMS: 560}},
		{"justlate.ts", picture + "-itsoffset 0.04 " + tone + h264 + aac, 3, is(base, lc), More{}},
		{"late.ts", picture + "-itsoffset 1.5 " + tone + h264 + aac, 3, is(base), More{Left: is("A_AAC late")}},
		{"longsound.ts", picture + "-f lavfi -i sine=440:r=48000:d=14 " + h264 + aac, 3, is(base, lc), More{}},
		{"shortsound.ts", picture + "-f lavfi -i sine=440:r=48000:d=1.7 " + h264 + aac, 3, is(base, lc), More{}},
	}
}
