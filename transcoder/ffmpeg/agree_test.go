package ffmpeg_test

import (
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"movify/pkg/header"
	"movify/pkg/media"
	"movify/pkg/testkit"
	"movify/transcoder"
	"movify/transcoder/ffmpeg"
	"movify/transcoder/original"
)

// seen and heard are three seconds of picture and sound to make clips of.
var (
	seen  = []string{"-f", "lavfi", "-i", "testsrc2=s=160x90:r=25:d=3"}
	heard = []string{"-f", "lavfi", "-i", "sine=r=48000:d=3"}
	x264  = []string{"-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p"}
	still = []string{"-f", "lavfi", "-i", "color=red:s=64x48:d=0.04"}
)

func join(parts ...[]string) []string {
	var out []string
	for _, p := range parts {
		out = append(out, p...)
	}
	return out
}

// agreement is a clip of the matrix. asks says that its header is not enough.
type agreement struct {
	file string
	args []string
	asks bool
}

func matrix(t *testing.T) map[string]agreement {
	av := join(seen, heard)
	words := t.TempDir() + "/words.srt"
	if err := os.WriteFile(words, []byte("1\n00:00:00,500 --> 00:00:01,500\nHello\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	chapters := t.TempDir() + "/chapters.txt"
	text := ";FFMETADATA1\ntitle=The film\nartist=Somebody\ndate=1999-05-01\ngenre=Drama\nshow=The show\nepisode_sort=3\nseason_number=2\ndescription=About it\n" +
		"[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\nEND=1200\ntitle=One\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=1200\nEND=3000\ntitle=Zwei – ü\n"
	if err := os.WriteFile(chapters, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	x265 := func(params string) []string {
		return []string{
			"-c:v", "libx265", "-preset", "ultrafast", "-pix_fmt", "yuv420p10le", "-x265-params",
			"log-level=none:" + params,
		}
	}
	return map[string]agreement{
		"h264 aac":           {file: "a.mp4", args: join(av, x264, []string{"-c:a", "aac"})},
		"h264 aac mkv":       {file: "a.mkv", args: join(av, x264, []string{"-c:a", "aac"})},
		"faststart":          {file: "fast.mp4", args: join(av, x264, []string{"-c:a", "aac", "-movflags", "+faststart"})},
		"mov":                {file: "a.mov", args: join(av, x264, []string{"-c:a", "aac"})},
		"m4v":                {file: "a.m4v", args: join(av, x264, []string{"-c:a", "aac"})},
		"mov pcm":            {file: "pcm.mov", args: join(av, x264, []string{"-c:a", "pcm_s16le", "-ac", "2"})},
		"b frames":           {file: "b.mp4", args: join(av, []string{"-c:v", "libx264", "-preset", "medium", "-pix_fmt", "yuv420p", "-bf", "3", "-c:a", "aac"})},
		"b frames mkv":       {file: "b.mkv", args: join(av, []string{"-c:v", "libx264", "-preset", "medium", "-pix_fmt", "yuv420p", "-bf", "3", "-c:a", "aac"})},
		"23.976":             {file: "film.mp4", args: join([]string{"-f", "lavfi", "-i", "testsrc2=s=160x90:r=24000/1001:d=3"}, x264)},
		"23.976 mkv":         {file: "film.mkv", args: join([]string{"-f", "lavfi", "-i", "testsrc2=s=160x90:r=24000/1001:d=3"}, x264)},
		"59.94 mkv":          {file: "fast.mkv", args: join([]string{"-f", "lavfi", "-i", "testsrc2=s=160x90:r=60000/1001:d=3"}, x264)},
		"odd size":           {file: "odd.mkv", args: join([]string{"-f", "lavfi", "-i", "testsrc2=s=321x181:r=25:d=3", "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv444p"})},
		"cropped":            {file: "crop.mp4", args: join([]string{"-f", "lavfi", "-i", "testsrc2=s=1920x1080:r=25:d=1.2"}, x264)},
		"high 10":            {file: "ten.mkv", args: join(seen, []string{"-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p10le"})},
		"4:2:2":              {file: "422.mp4", args: join(seen, []string{"-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv422p"})},
		"full range":         {file: "full.mp4", args: join(seen, []string{"-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuvj420p"})},
		"baseline":           {file: "base.mp4", args: join(seen, x264, []string{"-profile:v", "baseline", "-level", "3.1"})},
		"bt709":              {file: "709.mp4", args: join(seen, x264, []string{"-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709"})},
		"bt709 mkv":          {file: "709.mkv", args: join(seen, x264, []string{"-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709"})},
		"interlaced":         {file: "inter.mp4", asks: true, args: join([]string{"-f", "lavfi", "-i", "testsrc2=s=160x96:r=25:d=3"}, x264, []string{"-flags", "+ilme+ildct", "-x264opts", "tff=1"})},
		"interlaced mkv":     {file: "inter.mkv", asks: true, args: join([]string{"-f", "lavfi", "-i", "testsrc2=s=160x96:r=25:d=3"}, x264, []string{"-flags", "+ilme+ildct", "-x264opts", "tff=1"})},
		"anamorphic":         {file: "sar.mp4", args: join(seen, []string{"-vf", "setsar=16/11"}, x264)},
		"anamorphic mkv":     {file: "sar.mkv", args: join(seen, []string{"-vf", "setsar=16/11"}, x264)},
		"anamorphic mov":     {file: "sar.mov", args: join(seen, []string{"-vf", "setsar=64/45"}, x264)},
		"turned":             {file: "turned.mp4", args: join(seen, x264, []string{"-metadata:s:v:0", "rotate=90"})},
		"turned back":        {file: "turned.mov", args: join(seen, x264, []string{"-metadata:s:v:0", "rotate=270"})},
		"upside down":        {file: "down.mp4", args: join(seen, x264, []string{"-metadata:s:v:0", "rotate=180"})},
		"hevc hdr10":         {file: "hdr.mkv", args: join(seen, x265("colorprim=bt2020:transfer=smpte2084:colormatrix=bt2020nc:hdr10=1"))},
		"hevc hdr10 mp4":     {file: "hdr.mp4", args: join(seen, x265("colorprim=bt2020:transfer=smpte2084:colormatrix=bt2020nc"), []string{"-tag:v", "hvc1"})},
		"hevc hlg":           {file: "hlg.mp4", args: join(seen, x265("colorprim=bt2020:transfer=arib-std-b67:colormatrix=bt2020nc"))},
		"hevc plain":         {file: "hevc.mkv", args: join(seen, []string{"-c:v", "libx265", "-preset", "medium", "-pix_fmt", "yuv420p", "-x265-params", "log-level=none"})},
		"hevc lists":         {file: "lists.mkv", args: join(seen, x265("scaling-list=default:bframes=4"))},
		"hevc cropped":       {file: "hcrop.mp4", args: join([]string{"-f", "lavfi", "-i", "testsrc2=s=636x358:r=30:d=2"}, x265("keyint=20"))},
		"vp9":                {file: "a.webm", args: join(av, []string{"-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8", "-c:a", "libopus"})},
		"vp9 mp4":            {file: "vp9.mp4", asks: true, args: join(seen, []string{"-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8"})},
		"vp8 vorbis":         {file: "vp8.webm", args: join(av, []string{"-c:v", "libvpx", "-deadline", "realtime", "-cpu-used", "8", "-c:a", "libvorbis"})},
		"av1":                {file: "av1.mkv", args: join(seen, []string{"-c:v", "libaom-av1", "-cpu-used", "8", "-row-mt", "1"})},
		"av1 mp4 10 bit":     {file: "av1.mp4", args: join(seen, []string{"-c:v", "libsvtav1", "-preset", "12", "-pix_fmt", "yuv420p10le"})},
		"av1 hdr":            {file: "av1hdr.mkv", args: join(seen, []string{"-c:v", "libaom-av1", "-cpu-used", "8", "-pix_fmt", "yuv420p10le", "-color_primaries", "bt2020", "-color_trc", "smpte2084", "-colorspace", "bt2020nc"})},
		"mpeg4":              {file: "xvid.mkv", asks: true, args: join(seen, []string{"-c:v", "mpeg4"})},
		"mpeg4 mp4":          {file: "xvid.mp4", asks: true, args: join(seen, []string{"-c:v", "mpeg4"})},
		"mpeg2":              {file: "mpeg2.mkv", asks: true, args: join(seen, []string{"-c:v", "mpeg2video"})},
		"avi":                {file: "a.avi", asks: true, args: join(seen, []string{"-c:v", "mpeg4"})},
		"ts":                 {file: "a.ts", asks: true, args: join(av, x264, []string{"-c:a", "aac"})},
		"ac3 5.1":            {file: "ac3.mkv", args: join(av, x264, []string{"-c:a", "ac3", "-ac", "6"})},
		"ac3 5.1 mp4":        {file: "ac3.mp4", args: join(av, x264, []string{"-c:a", "ac3", "-ac", "6", "-b:a", "448k"})},
		"eac3 5.1":           {file: "eac3.mkv", args: join(av, x264, []string{"-c:a", "eac3", "-ac", "6"})},
		"eac3 5.1 mp4":       {file: "eac3.mp4", args: join(av, x264, []string{"-c:a", "eac3", "-ac", "6"})},
		"eac3 stereo mp4":    {file: "eac3s.mp4", args: join(av, x264, []string{"-c:a", "eac3", "-ac", "2"})},
		"aac 5.1":            {file: "aac6.mp4", args: join(av, x264, []string{"-c:a", "aac", "-ac", "6"})},
		"aac 5.1 mkv":        {file: "aac6.mkv", args: join(av, x264, []string{"-c:a", "aac", "-ac", "6"})},
		"aac 22050":          {file: "aac22.mp4", asks: true, args: join(av, x264, []string{"-c:a", "aac", "-ar", "22050"})},
		"aac 44100":          {file: "aac44.mkv", args: join(av, x264, []string{"-c:a", "aac", "-ar", "44100", "-ac", "2"})},
		"opus 5.1":           {file: "opus.mkv", args: join(av, x264, []string{"-c:a", "libopus", "-ac", "6", "-mapping_family", "1"})},
		"opus mp4":           {file: "opus.mp4", args: join(av, x264, []string{"-c:a", "libopus", "-ac", "2"})},
		"flac":               {file: "flac.mkv", args: join(av, x264, []string{"-c:a", "flac", "-ac", "6"})},
		"flac mp4":           {file: "flac.mp4", args: join(av, x264, []string{"-c:a", "flac", "-strict", "-2"})},
		"mp3":                {file: "mp3.mkv", args: join(av, x264, []string{"-c:a", "libmp3lame"})},
		"mp3 mp4":            {file: "mp3.mp4", asks: true, args: join(av, x264, []string{"-c:a", "libmp3lame"})},
		"dts":                {file: "dts.mkv", args: join(av, x264, []string{"-c:a", "dca", "-strict", "-2", "-ac", "6"})},
		"truehd":             {file: "truehd.mkv", args: join(av, x264, []string{"-c:a", "truehd", "-strict", "-2", "-ac", "6"})},
		"pcm mkv":            {file: "pcm.mkv", args: join(av, x264, []string{"-c:a", "pcm_s24le", "-ac", "2"})},
		"alac":               {file: "alac.mov", asks: true, args: join(av, x264, []string{"-c:a", "alac"})},
		"tracks":             {file: "tracks.mkv", args: join(seen, heard, heard, []string{"-i", words, "-i", words, "-map", "0", "-map", "1", "-map", "2", "-map", "3", "-map", "4"}, x264, []string{"-c:a:0", "aac", "-c:a:1", "ac3", "-c:s:0", "srt", "-c:s:1", "ass", "-metadata:s:a:0", "language=fra", "-metadata:s:a:0", "title=Version française", "-metadata:s:a:1", "language=und", "-metadata:s:s:0", "language=ger", "-disposition:a:1", "default", "-disposition:a:0", "0", "-disposition:s:0", "forced+default", "-disposition:s:1", "hearing_impaired", "-metadata:s:s:1", "title=SDH"})},
		"tracks mp4":         {file: "tracks.mp4", args: join(seen, heard, heard, []string{"-i", words, "-i", words, "-map", "0", "-map", "1", "-map", "2", "-map", "3", "-map", "4"}, x264, []string{"-c:a:0", "aac", "-c:a:1", "ac3", "-c:s", "mov_text", "-metadata:s:a:0", "language=fra", "-metadata:s:a:0", "title=Version française", "-metadata:s:s:0", "language=ger", "-disposition:a:1", "default", "-disposition:a:0", "0", "-disposition:s:0", "forced", "-disposition:s:1", "hearing_impaired"})},
		"chapters mkv":       {file: "chapters.mkv", args: join(seen, heard, []string{"-i", chapters, "-map", "0", "-map", "1", "-map_metadata", "2", "-map_chapters", "2"}, x264, []string{"-c:a", "aac"})},
		"chapters mp4":       {file: "chapters.mp4", args: join(seen, heard, []string{"-i", chapters, "-map", "0", "-map", "1", "-map_metadata", "2", "-map_chapters", "2"}, x264, []string{"-c:a", "aac"})},
		"chapters mov":       {file: "chapters.mov", args: join(seen, heard, []string{"-i", chapters, "-map", "0", "-map", "1", "-map_metadata", "2", "-map_chapters", "2"}, x264, []string{"-c:a", "aac"})},
		"key tags":           {file: "keys.mp4", args: join(seen, []string{"-metadata", "title=Named", "-metadata", "my.own=thing", "-movflags", "use_metadata_tags"}, x264)},
		"cover mp4":          {file: "cover.mp4", args: join(seen, still, []string{"-map", "0", "-map", "1", "-c:v:0", "libx264", "-preset", "ultrafast", "-pix_fmt:0", "yuv420p", "-c:v:1", "mjpeg", "-frames:v:1", "1", "-disposition:v:1", "attached_pic"})},
		"cover png mp4":      {file: "png.mp4", args: join(seen, still, []string{"-map", "0", "-map", "1", "-c:v:0", "libx264", "-preset", "ultrafast", "-pix_fmt:0", "yuv420p", "-c:v:1", "png", "-frames:v:1", "1", "-disposition:v:1", "attached_pic"})},
		"cover and font mkv": {file: "cover.mkv", args: join(seen, x264, []string{"-attach", coverFile(t), "-metadata:s:t:0", "mimetype=image/jpeg", "-metadata:s:t:0", "filename=cover.jpg", "-attach", words, "-metadata:s:t:1", "mimetype=font/ttf"})},
		"variable":           {file: "vfr.mp4", args: join(seen, []string{"-vf", "select='not(mod(n,3))+not(mod(n,4))'", "-vsync", "vfr"}, x264)},
		"variable mkv":       {file: "vfr.mkv", args: join(seen, []string{"-vf", "select='not(mod(n,3))+not(mod(n,4))'", "-vsync", "vfr"}, x264)},
		"fragments":          {file: "frag.mp4", asks: true, args: join(av, x264, []string{"-c:a", "aac", "-movflags", "+frag_keyframe+empty_moov"})},
		"late picture":       {file: "late.mp4", args: join([]string{"-itsoffset", "1"}, seen, heard, x264, []string{"-c:a", "aac"})},
		"late picture mkv":   {file: "late.mkv", args: join([]string{"-itsoffset", "1"}, seen, heard, x264, []string{"-c:a", "aac"})},
		"cut":                {file: "cut.mp4", args: join(av, x264, []string{"-c:a", "aac", "-ss", "0.7"})},
		"long times":         {file: "wide.mp4", args: join(seen, x264, []string{"-video_track_timescale", "90000", "-movie_timescale", "90000"})},
		"one frame":          {file: "one.mp4", asks: true, args: join(still, x264)},
		"sound only":         {file: "sound.mp4", asks: true, args: join(heard, []string{"-c:a", "aac"})},
		"live mkv":           {file: "live.mkv", asks: true, args: join(seen, x264, []string{"-live", "1"})},
	}
}

func coverFile(t *testing.T) string {
	return testkit.Clip(t, "cover.jpg", join(still, []string{"-frames:v", "1"})...)
}

// Every field that a header fills is what ffprobe says.
func TestHeadersAgreeWithFFprobe(t *testing.T) {
	t.Parallel()
	full := ffmpeg.NewProber(testkit.Need(t, "ffprobe"))
	for name, a := range matrix(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := testkit.Clip(t, a.file, a.args...)
			want, wantErr := full.Probe(t.Context(), path)
			f, err := os.Open(path)
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			info, err := f.Stat()
			if err != nil {
				t.Fatal(err)
			}
			quick, err := header.Read(f, info.Size())
			if a.asks != (err != nil) {
				t.Fatalf("asks is %t: %v", a.asks, err)
			}
			if err != nil {
				return
			}
			if wantErr != nil || !quick.Quick {
				t.Fatalf("ffprobe refuses it: %v, quick is %t", wantErr, quick.Quick)
			}
			if diff := cmp.Diff(filled(quick, want), quick, cmpopts.IgnoreFields(media.Probe{}, "Quick")); diff != "" {
				t.Errorf("-ffprobe +header:\n%s", diff)
			}
			agreesWithThePlan(t, f, info.Size(), quick, want)
		})
	}
}

// agreesWithThePlan compares what a playback of the Original stream begins with before the film is planned with the plan: the
// length, the sounds and the heights of the pictures.
func agreesWithThePlan(t *testing.T, film *os.File, size int64, quick, full media.Probe) {
	t.Helper()
	policy := transcoder.DefaultPolicy()
	planned, err := transcoder.PlanAsset("feed", full, policy)
	if err != nil {
		t.Fatal(err)
	}
	expected, err := transcoder.Plan(quick, policy)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(planned.Ladder.Audios(), expected.Audios()); diff != "" {
		t.Errorf("sounds (-planned +expected):\n%s", diff)
	}
	heights := func(l media.Ladder) (out []string) {
		for _, r := range l.Videos() {
			out = append(out, r.Name)
		}
		return out
	}
	if diff := cmp.Diff(heights(planned.Ladder), heights(expected)); diff != "" {
		t.Errorf("pictures (-planned +expected):\n%s", diff)
	}
	s, err := original.Open(film, size)
	if err != nil || len(s.Media().Left) > 0 { // the ladder plays it, and it is planned
		return
	}
	o := transcoder.DescribeCopies(s.Media(), quick)
	frame := int64(1000/planned.Grid.Rate.Float()) + 1
	if got, want := o.DurationMS(), planned.Grid.DurationMS(); got < want-frame || got > want+frame {
		t.Errorf("the Original stream lasts %d ms, the plan %d", got, want)
	}
	if diff := cmp.Diff(transcoder.DescribeCopies(s.Media(), full), o); diff != "" {
		t.Errorf("the stream as it is described (-by the full probe +by the quick one):\n%s", diff)
	}
}

// filled is a full probe without what the quick one leaves out: what only the frames tell, and what the same frames
// tell of some codecs where the quick one says nothing.
func filled(quick, p media.Probe) media.Probe {
	p.StartUS = 0
	for n := range p.Video {
		v := &p.Video[n]
		v.StartUS, v.DurationUS, v.Frames, v.BFrames, v.BitRate = 0, 0, 0, 0, 0
		if n >= len(quick.Video) {
			continue
		}
		q := quick.Video[n]
		if v.AttachedPicture {
			*v = media.VideoTrack{
				Index: v.Index, Codec: v.Codec, Width: v.Width, Height: v.Height,
				AttachedPicture: true,
			}
		}
		if v.Codec == "vp8" || v.Codec == "vp9" {
			v.Profile, v.PixelFormat, v.ColorSpace = q.Profile, q.PixelFormat, q.ColorSpace
		}
		if variable := v.FrameRate != v.AverageRate; variable && !q.FrameRate.Known() {
			v.FrameRate = q.FrameRate
			if !q.AverageRate.Known() {
				v.AverageRate = q.AverageRate
			}
		}
	}
	for n := range p.Audio {
		a := &p.Audio[n]
		a.StartUS, a.DurationUS, a.BitRate = 0, 0, 0
		if n < len(quick.Audio) && quick.Audio[n].Layout == "" && a.Channels > 2 {
			a.Layout = ""
		}
	}
	return p
}
