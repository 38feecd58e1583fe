package way

import (
	"bufio"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"movify/pkg/fault"
	"movify/pkg/id"
	"movify/pkg/media"
)

var (
	h264 = strings.Fields("avc1.42E01F avc1.4D4029 avc1.640028 avc1.64002A avc1.640033 avc1.640034")
	hevc = strings.Fields("hvc1.1.6.L93.B0 hvc1.1.6.L120.B0 hvc1.1.6.L150.B0 hvc1.1.6.L153.B0 " +
		"hvc1.2.4.L93.B0 hvc1.2.4.L120.B0 hvc1.2.4.L150.B0 hvc1.2.4.L153.B0")
	open = strings.Fields("av01.0.04M.08 av01.0.08M.08 av01.0.12M.08 av01.0.04M.10 av01.0.08M.10 av01.0.12M.10 " +
		"vp09.00.10.08 vp09.00.40.08 vp09.00.51.08 vp09.02.10.10 vp09.02.51.10")
	sounds = strings.Fields("mp4a.40.2 mp4a.40.5 mp4a.6B opus flac")
	dolby  = strings.Fields("ac-3 ec-3")
)

func all(lists ...[]string) (out []string) {
	for _, list := range lists {
		out = append(out, list...)
	}
	return out
}

var devices = map[string]*Device{
	"unknown": nil,
	"none":    {Engine: MSE},
	"chrome":  {Codecs: all(h264, open, sounds), Ranges: []string{"SDR"}, Width: 1920, Height: 1080, Engine: MSE},
	"turning": {Codecs: all(h264, open, sounds), Ranges: []string{"SDR"}, Width: 1920, Height: 1080, Engine: MSE, Turns: true},
	"hdr":     {Codecs: all(h264, hevc, open, sounds), Ranges: []string{"SDR", "HLG", "PQ"}, Width: 3840, Height: 2160, Engine: MSE},
	"hlg":     {Codecs: all(h264, hevc, sounds), Ranges: []string{"SDR", "HLG"}, Engine: MSE},
	"firefox": {Codecs: all(h264, hevc, open, sounds, []string{"avc1.6E0033"}), Ranges: []string{"SDR"}, Engine: MSE},
	"safari":  {Codecs: all(h264, hevc, sounds, dolby), Ranges: []string{"SDR", "HLG", "PQ"}, Engine: Native},
	"old":     {Codecs: []string{"avc1.42E01F", "avc1.4D401F", "avc1.640029", "mp4a.40.2"}, Engine: MSE},
	"phone":   {Codecs: []string{"avc1.42E01F", "hvc1.1.6.L93.B0", "mp4a.40.2"}, Ranges: []string{"SDR"}, Width: 720, Height: 1280, Engine: MSE},
	"burnt":   {Codecs: all(h264, hevc, open, sounds), Engine: MSE, Failed: []string{"avc1.640029", "hvc1.1.6.L120.B0"}},
}

func film(codecs string, width, height, average int) File {
	return File{Original: media.Original{Picture: media.Copy{
		Rendition: media.Rendition{ID: "v0", Kind: media.Video, Codecs: codecs, Width: width, Height: height},
		Bounds:    []int64{0, 4000}, Range: "SDR", Average: average, Peak: average * 2,
	}}}
}

func (f File) but(change func(*File)) File { change(&f); return f }

func ranged(f File, video string) File {
	return f.but(func(f *File) { f.Original.Picture.Range = video })
}

const mega = 1_000_000

var files = func() map[string]File {
	out := map[string]File{
		"full":     film("avc1.640029", 1920, 1080, 8_200_000),
		"baseline": film("avc1.42C01E", 640, 480, 1*mega),
		"plain":    film("avc1.42001E", 640, 480, 1*mega),
		"main":     film("avc1.4D401F", 1280, 720, 3*mega),
		"extended": film("avc1.58001E", 640, 480, 1*mega),
		"high10":   film("avc1.6E0028", 1920, 1080, 8*mega),
		"422":      film("avc1.7A0029", 1920, 1080, 8*mega),
		"level51":  film("avc1.640033", 3840, 2160, 20*mega),
		"level52":  film("avc1.640034", 3840, 2160, 20*mega),
		"level6":   film("avc1.64003C", 7680, 4320, 24*mega),
		"avc3":     film("avc3.640028", 1920, 1080, 8*mega),
		"upright":  film("avc1.640028", 1080, 1920, 8*mega),
		"wide":     film("avc1.640028", 1920, 800, 8*mega),
		"hevc":     film("hvc1.1.6.L120.B0", 1920, 1080, 5*mega),
		"hevc10":   film("hvc1.2.4.L153.B0", 3840, 2160, 18*mega),
		"both":     film("hvc1.4.6.L120.B0", 1920, 1080, 5*mega), // range extensions that Main decodes too
		"rext":     film("hvc1.4.10.L120.B8.8", 1920, 1080, 5*mega),
		"still":    film("hvc1.3.E.L93.B0", 640, 480, 1*mega),
		"tier":     film("hvc1.2.4.H153.B0", 3840, 2160, 24*mega),
		"hevc6":    film("hvc1.2.4.L180.B0", 7680, 4320, 24*mega),
		"hev1":     film("hev1.1.6.L120.B0", 1920, 1080, 5*mega),
		"av1":      film("av01.0.08M.08", 1920, 1080, 3*mega),
		"av110":    film("av01.0.12M.10", 3840, 2160, 12*mega),
		"av112":    film("av01.2.12M.12", 3840, 2160, 12*mega),
		"av1high":  film("av01.1.08M.08", 1920, 1080, 3*mega),
		"av1any":   film("av01.0.31M.08", 1920, 1080, 3*mega),
		"vp9":      film("vp09.00.40.08", 1920, 1080, 3*mega),
		"vp910":    film("vp09.02.51.10", 3840, 2160, 12*mega),
		"vp9444":   film("vp09.01.40.08", 1920, 1080, 3*mega),
		"vp912":    film("vp09.02.51.12", 3840, 2160, 12*mega),
		"odd":      film("avc1.64", 1920, 1080, 8*mega),
		"empty":    film("", 1920, 1080, 8*mega),
		"remux":    film("avc1.640029", 1920, 1080, 28*mega),
		"disc":     film("hvc1.2.4.L153.B0", 3840, 2160, 80*mega),
		"little":   film("avc1.42E01E", 426, 240, 400_000),
	}
	full := out["full"]
	out["pq"], out["hlg"] = ranged(out["hevc10"], "PQ"), ranged(out["hevc10"], "HLG")
	out["fields"] = full.but(func(f *File) { f.Track.FieldOrder = "tt" })
	out["progressive"] = full.but(func(f *File) { f.Track.FieldOrder = "progressive" })
	out["cropped"] = full.but(func(f *File) { f.Track.Crop = media.Crop{Top: 20} })
	out["open"] = full.but(func(f *File) { f.Original.Picture.OpenGroups = true })
	out["turned"] = full.but(func(f *File) { f.Track.Rotation = -90 })
	out["mirror"] = full.but(func(f *File) { f.Original.Picture.Turned = true })
	out["round"] = full.but(func(f *File) { f.Track.Rotation = 360 })
	out["anamorphic"] = full.but(func(f *File) { f.Track.SAR = media.Ratio{Num: 64, Den: 45} })
	out["away"] = full.but(func(f *File) { f.Away = true })
	out["unfit"] = File{Unfit: fault.New(fault.Unsupported, "original_sparse", "The video can hardly be entered.")}
	out["gone"] = out["unfit"].but(func(f *File) { f.Away = true })
	out["loud"] = full.but(func(f *File) {
		f.Original.Sounds = []media.Copy{{Average: 3 * mega, Peak: 5 * mega}, {Average: 100_000, Peak: 120_000}}
	})
	return out
}()

var networks = map[string]Network{
	"home": {Local: true}, "away": {},
	"home100": {Local: true, CarriedBPS: 100 * mega}, "away100": {CarriedBPS: 100 * mega},
	"home5": {Local: true, CarriedBPS: 5 * mega}, "away5": {CarriedBPS: 5 * mega},
	"home9": {Local: true, CarriedBPS: 9 * mega}, "away9": {CarriedBPS: 9 * mega}, "away10": {CarriedBPS: 10 * mega},
	"away30": {CarriedBPS: 30 * mega}, "away12": {CarriedBPS: 12 * mega}, "away14": {CarriedBPS: 14 * mega},
}

var bounds = map[string]Limits{
	"": {}, "720p": {Lines: 720}, "1080p": {Lines: 1080}, "4M": {BPS: 4 * mega}, "20M": {BPS: 20 * mega},
	"1080p+4M": {Lines: 1080, BPS: 4 * mega},
}

// rows reads a table: words of a line, without comments.
func rows(t *testing.T, name string) (out [][]string) {
	t.Helper()
	f, err := os.Open("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		text, _, _ := strings.Cut(lines.Text(), "#")
		if words := strings.Fields(text); len(words) > 0 {
			out = append(out, words)
		}
	}
	return out
}

func TestChoose(t *testing.T) {
	t.Parallel()
	table := rows(t, "choices.txt")
	if len(table) < 120 {
		t.Fatalf("the table has %d cases", len(table))
	}
	seen := map[Code]bool{}
	for _, row := range table {
		if len(row) < 4 {
			t.Fatalf("a row has %q", row)
		}
		d, knowsDevice := devices[row[0]]
		f, knowsFile := files[row[1]]
		n, knowsNetwork := networks[row[2]]
		want := Code(row[len(row)-1])
		offered := !strings.HasSuffix(string(want), "!") // ! = the stream is not in the menu
		want = Code(strings.TrimSuffix(string(want), "!"))
		l, q, knowsRest := Limits{}, Auto, true
		for _, word := range row[3 : len(row)-1] {
			switch quality := Quality(word); quality {
			case Auto, OriginalWanted, LadderWanted:
				q = quality
			default:
				l, knowsRest = bounds[word], bounds[word] != Limits{}
			}
		}
		if !knowsDevice || !knowsFile || !knowsNetwork || !knowsRest {
			t.Fatalf("%q names something unknown", row)
		}
		got := Choose(d, f, n, l, q)
		seen[got.Code] = true
		kind := Ladder
		if strings.HasPrefix(string(want), "original") {
			kind = Original
		}
		if got.Code != want || got.Kind != kind || got.Offered != offered || !strings.HasPrefix(got.Message, string(kind)+": ") {
			t.Errorf("%q: %+v", row, got)
		}
	}
	for _, code := range []Code{
		DeviceUnknown, LadderAway, LadderUnfit, LadderCodec, LadderLimit, LadderChosen, LadderFailed, Chosen, LadderFields,
		LadderOpen, LadderCrop, LadderTurned, LadderRange, LadderNetwork, LadderRemote, Fits,
	} {
		if !seen[code] {
			t.Errorf("no case ends with %s", code)
		}
	}
}

func TestMessages(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		device, file, network string
		limits                Limits
		quality               Quality
		message               string
		params                map[string]string
	}{
		{"unknown", "full", "home", Limits{}, Auto, "ladder: the device did not say what it plays", nil},
		{
			"chrome", "full", "home", Limits{}, Auto, "original: H.264 High 4.1, 1080p, 8.2 Mb/s fits this device",
			map[string]string{"picture": "H.264 High 4.1, 1080p, 8.2 Mb/s"},
		},
		{
			"chrome", "hevc10", "home", Limits{}, Auto, "ladder: HEVC Main 10 5.1, this browser has none",
			map[string]string{"picture": "HEVC Main 10 5.1"},
		},
		{
			"old", "level51", "home", Limits{}, Auto, "ladder: H.264 High 5.1, more than this browser plays",
			map[string]string{"picture": "H.264 High 5.1"},
		},
		{
			"chrome", "remux", "away12", Limits{}, Auto, "ladder: 28 Mb/s is more than this connection carried last time",
			map[string]string{"picture": "H.264 High 4.1, 1080p, 28 Mb/s", "rate": "28 Mb/s", "carried": "12 Mb/s"},
		},
		{
			"chrome", "full", "home", Limits{Lines: 720}, Auto,
			"ladder: H.264 High 4.1, 1080p, 8.2 Mb/s is more than the limit of 720p",
			map[string]string{"picture": "H.264 High 4.1, 1080p, 8.2 Mb/s", "limit": "720p"},
		},
		{
			"chrome", "unfit", "home", Limits{}, Auto, "ladder: The video can hardly be entered",
			map[string]string{"cause": "original_sparse"},
		},
		{
			"firefox", "pq", "home", Limits{}, Auto, "ladder: HDR (PQ), this screen shows SDR",
			map[string]string{"picture": "HEVC Main 10 5.1, 2160p, 18 Mb/s", "range": "PQ"},
		},
		{
			"chrome", "full", "home", Limits{}, OriginalWanted, "original: it was chosen, H.264 High 4.1, 1080p, 8.2 Mb/s",
			map[string]string{"picture": "H.264 High 4.1, 1080p, 8.2 Mb/s"},
		},
	} {
		got := Choose(devices[c.device], files[c.file], networks[c.network], c.limits, c.quality)
		if got.Message != c.message {
			t.Errorf("%s of %s: %q, want %q", c.file, c.device, got.Message, c.message)
		}
		if diff := cmp.Diff(c.params, got.Params); diff != "" {
			t.Errorf("%s of %s, params (-want +got):\n%s", c.file, c.device, diff)
		}
	}
}

func TestWords(t *testing.T) {
	t.Parallel()
	for codec, want := range map[string]string{
		"avc1.42E01E": "H.264 Baseline 3.0", "avc1.6E0028": "H.264 High 10 4.0", "avc1.530028": "H.264 profile 83 4.0",
		"hvc1.1.6.L93.B0": "HEVC Main 3.1", "hev1.4.10.L150.B8": "HEVC Range Extensions 5.0",
		"av01.0.09M.10": "AV1 Main 4.1, 10 bit", "vp09.02.51.10": "VP9 profile 2, 5.1, 10 bit", "mp4a.40.2": "mp4a.40.2",
		"avc1": "avc1", "hvc1.x.4.L1": "hvc1.x.4.L1",
	} {
		if got := Codec(codec); got != want {
			t.Errorf("%s is %q, want %q", codec, got, want)
		}
	}
	for bps, want := range map[int64]string{0: "0 kb/s", 640_499: "640 kb/s", 8_240_000: "8.2 Mb/s", 27_600_000: "28 Mb/s"} {
		if got := Rate(bps); got != want {
			t.Errorf("%d is %q, want %q", bps, got, want)
		}
	}
	for want, size := range map[string][2]int{
		"1080p": {1920, 800}, "720p": {1280, 720}, "480p": {640, 480}, "2160p": {3840, 1600}, "576p": {720, 576}, "0p": {},
	} {
		if got := Name(size[0], size[1]); got != want {
			t.Errorf("%v is %s, want %s", size, got, want)
		}
		if got := Name(size[1], size[0]); got != want {
			t.Errorf("%v upright is %s, want %s", size, got, want)
		}
	}
}

func TestCopies(t *testing.T) {
	t.Parallel()
	var o media.Original
	for n, codecs := range strings.Fields("mp4a.40.2 mp4a.40.5 mp4a.40.29 mp4a.6B mp4a.69 Opus fLaC ac-3 ec-3 mp4a.40.42") {
		o.Sounds = append(o.Sounds, media.Copy{Rendition: media.Rendition{ID: id.Rendition("a" + strconv.Itoa(n)), Codecs: codecs}})
	}
	chrome := *devices["chrome"]
	silent := chrome
	silent.Failed = []string{"Opus"}
	for name, c := range map[string]struct {
		device Device
		want   string
	}{
		"chrome": {chrome, "a0 a1 a2 a3 a4 a5 a6"}, "safari": {*devices["safari"], "a0 a1 a2 a3 a4 a5 a6 a7 a8"},
		"old": {*devices["old"], "a0"}, "none": {*devices["none"], ""}, "one that failed": {silent, "a0 a1 a2 a3 a4 a6"},
	} {
		var got []string
		for _, r := range Copies(c.device, o) {
			got = append(got, string(r))
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%s copies %q, want %q", name, got, c.want)
		}
	}
}

func TestNeed(t *testing.T) {
	t.Parallel()
	for want, f := range map[int64]File{
		9_840_000: files["full"], 13_440_000: files["loud"],
		8_400_000: files["full"].but(func(f *File) { f.Original.Picture.Peak = 8_400_000 }),
		8_200_000: files["full"].but(func(f *File) { f.Original.Picture.Peak = 0 }), // a peak that cannot be
	} {
		if got := Need(f.Original); got != want {
			t.Errorf("need %d, want %d", got, want)
		}
	}
}
