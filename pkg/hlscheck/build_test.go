package hlscheck

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math"
	"strings"
	"testing/fstest"
)

// good is a small stream that breaks no rule: two video renditions at 25 fps and one stereo audio rendition, five
// segments with the bootstrap ramp. Its hooks change one thing before it is written.
type good struct {
	init     func(rendition string, s *initSpec)
	fragment func(rendition string, n int, s *fragmentSpec)
	files    func(m map[string]string)
	packed   bool  // each rendition is one file, all.mp4
	sound    []int // boundaries of the sound, frames; nil for those of aacFrames
}

type initSpec struct {
	video         bool
	width, height uint16
	profile       byte
	level         byte
	objectType    int
	rateIndex     int
	channels      int
	mediaTime     uint32
	tracks        int
	movieExtends  bool
	timescale     uint32
	more          []byte // boxes behind moov
}

type fragmentSpec struct {
	time        uint64
	duration    uint32
	count       int
	size        int
	nal         byte // header of the NAL unit in the first sample
	composition uint32
	firstFlags  uint32
	before      []byte // boxes before moof
	after       []byte // boxes behind mdat
	padding     int    // bytes in mdat that no sample claims, negative for bytes that are claimed but not there
	withoutTime bool
}

func u16(v int) []byte            { return binary.BigEndian.AppendUint16(nil, uint16(v)) }
func u32(v int) []byte            { return binary.BigEndian.AppendUint32(nil, uint32(v)) }
func zeros(n int) []byte          { return make([]byte, n) }
func join(parts ...[]byte) []byte { return bytes.Join(parts, nil) }

func mkbox(kind string, parts ...[]byte) []byte {
	body := join(parts...)
	return join(u32(8+len(body)), []byte(kind), body)
}

func (s initSpec) bytes() []byte {
	var entry []byte
	handler := "soun"
	if s.video {
		handler = "vide"
		avcC := mkbox(
			"avcC", []byte{1, s.profile, 0, s.level, 0xff, 0xe1}, u16(4), []byte{0x67, s.profile, 0, s.level},
			[]byte{1}, u16(1), []byte{0x68},
		)
		entry = mkbox("avc1", zeros(24), u16(int(s.width)), u16(int(s.height)), zeros(50), avcC)
	} else {
		config := u16(s.objectType<<11 | s.rateIndex<<7 | s.channels<<3)
		decoder := join([]byte{4, 17, 0x40, 0x15}, zeros(11), []byte{5, 2}, config)
		esds := mkbox("esds", zeros(4), []byte{3, 0x80, 0x80, 22}, u16(1), []byte{0}, decoder)
		entry = mkbox("mp4a", zeros(16), u16(s.channels), u16(16), zeros(4), u32(48000<<16), esds)
	}
	stbl := mkbox("stbl", mkbox("stsd", zeros(4), u32(1), entry))
	mdia := mkbox("mdia",
		mkbox("mdhd", zeros(12), u32(int(s.timescale)), zeros(8)),
		mkbox("hdlr", zeros(8), []byte(handler), zeros(13)),
		mkbox("minf", stbl))
	trak := mkbox(
		"trak", mkbox("edts", mkbox("elst", zeros(4), u32(1), u32(0), u32(int(s.mediaTime)), u32(0x10000))), mdia,
	)
	moov := join(mkbox("mvhd", zeros(100)), bytes.Repeat(trak, s.tracks))
	if s.movieExtends {
		moov = join(moov, mkbox("mvex", mkbox("trex", zeros(4), u32(1), u32(1), zeros(12))))
	}
	return join(mkbox("ftyp", []byte("iso6"), zeros(4)), mkbox("moov", moov), s.more)
}

func (s fragmentSpec) bytes() []byte {
	tfdt := mkbox("tfdt", []byte{1, 0, 0, 0}, binary.BigEndian.AppendUint64(nil, s.time))
	if s.withoutTime {
		tfdt = nil
	}
	moof := func(offset int) []byte {
		return mkbox("moof", mkbox("mfhd", zeros(4), u32(1)), mkbox(
			"traf",
			mkbox(
				"tfhd", u32(tfhdDefaultBaseIsMoof|tfhdDefaultDuration|tfhdDefaultFlags), u32(1), u32(int(s.duration)),
				u32(sampleIsNonSync),
			),
			tfdt,
			mkbox(
				"trun", u32(0x01000000|trunDataOffset|trunFirstSampleFlags|trunSize|trunComposition), u32(s.count),
				u32(offset), u32(int(s.firstFlags)), bytes.Repeat(join(u32(s.size), u32(int(s.composition))), s.count),
			),
		))
	}
	sample := join(u32(s.size-4), []byte{s.nal}, zeros(s.size-5))
	samples := bytes.Repeat(sample, s.count)
	mdat := mkbox("mdat", samples[:len(samples)+min(0, s.padding)], zeros(max(0, s.padding)))
	return join(s.before, moof(len(moof(0))+8), mdat, s.after)
}

// frames and samples are the boundaries of the good stream.
func frames() []int { return []int{0, 25, 50, 100, 200, 260} }

func aacFrames() []int {
	out := make([]int, 0, len(frames()))
	for _, f := range frames() {
		out = append(out, (f*1920+1023)/1024)
	}
	return out
}

func ms(ticks, scale int) int { return int(math.Round(float64(ticks) * 1000 / float64(scale))) }

// fs writes the stream.
func (g good) fs() fstest.MapFS {
	m := make(map[string]string)
	var variants strings.Builder
	if g.sound == nil {
		g.sound = aacFrames()
	}
	_, audioPeak := g.rendition(
		m, "a1", initSpec{objectType: 2, rateIndex: 3, channels: 2, tracks: 1, movieExtends: true, timescale: 48000},
		g.sound, 1024, 60,
	)
	for _, v := range []struct {
		name          string
		width, height uint16
		size          int
	}{{"v1", 640, 360, 400}, {"v2", 320, 180, 200}} {
		average, peak := g.rendition(
			m, v.name,
			initSpec{video: true, width: v.width, height: v.height, profile: 100, level: 30,
				mediaTime: 2000, tracks: 1, movieExtends: true, timescale: 25000},
			frames(),
			1000,
			v.size,
		)
		fmt.Fprintf(
			&variants,
			"#EXT-X-STREAM-INF:BANDWIDTH=%d,AVERAGE-BANDWIDTH=%d,CODECS=\"avc1.64001f,mp4a.40.2\",RESOLUTION=%dx%d,"+
				"FRAME-RATE=25.000,VIDEO-RANGE=SDR,CLOSED-CAPTIONS=NONE,AUDIO=\"audio\"\n%s/media.m3u8\n",
			peak+audioPeak,
			average+audioPeak,
			v.width,
			v.height,
			v.name,
		)
	}
	m["multivariant.m3u8"] = "#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-INDEPENDENT-SEGMENTS\n" +
		"#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"audio\",NAME=\"English\",LANGUAGE=\"en\",DEFAULT=YES,AUTOSELECT=YES,CHANNELS=\"2\",URI=\"a1/media.m3u8\"\n" +
		variants.String()
	if g.packed {
		for _, name := range []string{"v1", "v2", "a1"} {
			pack(m, name)
		}
	}
	if g.files != nil {
		g.files(m)
	}
	out := make(fstest.MapFS, len(m))
	for name, text := range m {
		out[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return out
}

// rendition writes one rendition and gives its average and peak bit rate.
func (g good) rendition(
	m map[string]string, name string, spec initSpec, bounds []int, ticks, size int,
) (average, peak int) {
	composition := spec.mediaTime
	if g.init != nil {
		g.init(name, &spec)
	}
	m[name+"/init.mp4"] = string(spec.bytes())
	list := "#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-INDEPENDENT-SEGMENTS\n#EXT-X-TARGETDURATION:4\n" +
		"#EXT-X-MEDIA-SEQUENCE:0\n#EXT-X-PLAYLIST-TYPE:VOD\n#EXT-X-MAP:URI=\"init.mp4\"\n"
	total := 0
	for i := range len(bounds) - 1 {
		f := fragmentSpec{
			time: uint64(bounds[i] * ticks), duration: uint32(ticks), count: bounds[i+1] - bounds[i],
			size: size, composition: composition,
		}
		if f.nal = 0x21; spec.video {
			f.nal = 0x65
		}
		if i == 3 {
			f.size += size / 20 // the densest
		}
		if g.fragment != nil {
			g.fragment(name, i, &f)
		}
		data := f.bytes()
		total += len(data)
		file := fmt.Sprintf("%05d.m4s", i)
		m[name+"/"+file] = string(data)
		duration := ms(bounds[i+1]*ticks, int(spec.timescale)) - ms(bounds[i]*ticks, int(spec.timescale))
		list += fmt.Sprintf("#EXTINF:%d.%03d,\n%s\n", duration/1000, duration%1000, file)
		if duration >= 2000 {
			peak = max(peak, 1+len(data)*8*1000/duration)
		}
	}
	m[name+"/media.m3u8"] = list + "#EXT-X-ENDLIST\n"
	return total * 8 * 1000 / ms(bounds[len(bounds)-1]*ticks, int(spec.timescale)), peak
}

// pack puts the files of a rendition into one and lets its playlist name ranges of it. Every second range says no
// offset.
func pack(m map[string]string, name string) {
	all := m[name+"/init.mp4"]
	list := strings.Replace(m[name+"/media.m3u8"], `"init.mp4"`, fmt.Sprintf(`"all.mp4",BYTERANGE="%d@0"`, len(all)), 1)
	all += "what no segment claims"
	for i := range len(frames()) - 1 {
		file := fmt.Sprintf("%05d.m4s", i)
		segment := m[name+"/"+file]
		ranged := fmt.Sprintf("#EXT-X-BYTERANGE:%d@%d\nall.mp4\n", len(segment), len(all))
		if i%2 == 1 {
			ranged = fmt.Sprintf("#EXT-X-BYTERANGE:%d\nall.mp4\n", len(segment))
		}
		list = strings.Replace(list, file+"\n", ranged, 1)
		all += segment
		delete(m, name+"/"+file)
	}
	delete(m, name+"/init.mp4")
	m[name+"/all.mp4"], m[name+"/media.m3u8"] = all, list
}
