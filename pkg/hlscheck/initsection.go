package hlscheck

import (
	"errors"
	"fmt"
)

// track holds the fields of an Init Section's one track.
type track struct {
	handler   string // "vide" or "soun"
	timescale uint64 // ticks per second
	editStart int64  // media_time of the first edit: the composition time that is shown first, ticks
	defaults  sampleDefaults

	entry string // type of the sample entry
	name  string // RFC 6381, of another codec than H.264 and AAC

	// Video, from the sample entry and the configuration of the codec.
	width, height  int
	profile, level int
	constraints    int    // profile_compatibility
	nalLength      int    // bytes of a NAL unit's length field
	shown          [2]int // width and height on the screen

	// Audio, from the configuration of the codec.
	objectType int // MPEG-4 audio object type: 2 is AAC-LC
	sampleRate int
	channels   int // 0 where it is not read
}

// sampleDefaults are the values of a sample without its own (trex, then tfhd).
type sampleDefaults struct {
	duration, size, flags uint32
}

// codecs gives the track's RFC 6381 name.
func (t track) codecs() string {
	if t.name != "" {
		return t.name
	}
	if t.handler == "vide" {
		return fmt.Sprintf("%s.%02x%02x%02x", t.entry, t.profile, t.constraints, t.level)
	}
	return fmt.Sprintf("mp4a.40.%d", t.objectType)
}

// readInit reads an Init Section: ftyp, then a moov with exactly one track and an mvex, and no media.
func readInit(data []byte) (track, error) {
	list, err := boxes(data)
	if err != nil {
		return track{}, err
	}
	if len(list) == 0 || list[0].kind != "ftyp" {
		return track{}, errors.New("it does not begin with ftyp")
	}
	var moov []byte
	for _, b := range list[1:] {
		switch b.kind {
		case "moov":
			if moov != nil {
				return track{}, errors.New("it has two moov boxes")
			}
			moov = b.body
		case "moof", "mdat", "sidx", "mfra", "ftyp":
			return track{}, fmt.Errorf("it has a %s box", b.kind)
		}
	}
	if moov == nil {
		return track{}, errors.New("it has no moov box")
	}
	return readMovie(moov)
}

func readMovie(moov []byte) (track, error) {
	list, err := boxes(moov)
	if err != nil {
		return track{}, err
	}
	tracks := 0
	for _, b := range list {
		if b.kind == "trak" {
			tracks++
		}
	}
	if tracks != 1 {
		return track{}, fmt.Errorf("it has %d tracks, not one", tracks)
	}
	trak, _ := find(moov, "trak")
	var t track
	trex, ok := find(moov, "mvex", "trex")
	if !ok {
		return track{}, errors.New("it has no mvex with a trex")
	}
	f := fields{b: trex.body}
	f.full()
	f.take(8) // track_ID, default_sample_description_index
	t.defaults = sampleDefaults{duration: uint32(f.uint(4)), size: uint32(f.uint(4)), flags: uint32(f.uint(4))}
	if f.err != nil {
		return track{}, fmt.Errorf("trex: %w", f.err)
	}
	for _, read := range []func(*track, []byte) error{readTime, readEdit, readSampleEntry} {
		if err := read(&t, trak.body); err != nil {
			return track{}, err
		}
	}
	return t, nil
}

// readTime reads the handler and the timescale.
func readTime(t *track, trak []byte) error {
	mdhd, ok := find(trak, "mdia", "mdhd")
	if !ok {
		return errors.New("it has no mdhd")
	}
	f := fields{b: mdhd.body}
	version, _ := f.full()
	f.wide(version) // creation_time
	f.wide(version) // modification_time
	t.timescale = f.uint(4)
	if f.err != nil || t.timescale == 0 {
		return errors.New("its mdhd has no timescale")
	}
	hdlr, ok := find(trak, "mdia", "hdlr")
	if !ok || len(hdlr.body) < 12 {
		return errors.New("it has no hdlr")
	}
	t.handler = string(hdlr.body[8:12])
	return nil
}

// readEdit reads the first edit that is not empty (ISO/IEC 14496-12 section 8.6.6). Without an edit list the start is
// 0.
func readEdit(t *track, trak []byte) error {
	elst, ok := find(trak, "edts", "elst")
	if !ok {
		return nil
	}
	f := fields{b: elst.body}
	version, _ := f.full()
	if f.uint(4) == 0 { // no edit: the presentation is the media
		return nil
	}
	f.wide(version) // segment_duration
	start := int64(f.wide(version))
	if version == 0 {
		start = int64(int32(start))
	}
	if f.err != nil {
		return fmt.Errorf("elst: %w", f.err)
	}
	if start < 0 {
		return errors.New("its edit list begins with an empty edit: the timeline would not begin at 0")
	}
	t.editStart = start
	return nil
}

// readSampleEntry reads the one sample description.
func readSampleEntry(t *track, trak []byte) error {
	stsd, ok := find(trak, "mdia", "minf", "stbl", "stsd")
	if !ok || len(stsd.body) < 8 {
		return errors.New("it has no stsd")
	}
	entries, err := boxes(stsd.body[8:])
	if err != nil {
		return fmt.Errorf("stsd: %w", err)
	}
	if len(entries) != 1 {
		return fmt.Errorf("it has %d sample descriptions, not one", len(entries))
	}
	e := entries[0]
	t.entry = e.kind
	switch t.handler {
	case "vide":
		return t.readPicture(e, trak)
	case "soun":
		return t.readSound(e)
	}
	return fmt.Errorf("handler %q is neither of video nor of audio", t.handler)
}

// readAVC reads an AVCDecoderConfigurationRecord (ISO/IEC 14496-15 section 5.3.3.1). In avc3 the parameter sets may all be with
// the pictures.
func (t *track) readAVC(avcC []byte) error {
	c := fields{b: avcC}
	c.take(1)
	t.profile = int(c.uint(1))
	t.constraints = int(c.uint(1))
	t.level = int(c.uint(1))
	t.nalLength = int(c.uint(1)&3) + 1
	if sets := c.uint(1) & 31; c.err != nil || sets == 0 && t.entry == "avc1" {
		return errors.New("its avcC has no parameter set")
	}
	return nil
}

// readMPEG reads an esds and the AudioSpecificConfig in it (ISO/IEC 14496-14 section 5.6, ISO/IEC 14496-3 section 1.6.2.1).
func (t *track) readMPEG(esds []byte) error {
	d := fields{b: esds}
	d.full()
	d.descriptor(3)
	d.take(2) // ES_ID
	flags := d.uint(1)
	if flags&0x80 != 0 {
		d.take(2)
	}
	if flags&0x40 != 0 {
		d.take(int(d.uint(1)))
	}
	if flags&0x20 != 0 {
		d.take(2)
	}
	d.descriptor(4)
	switch kind := d.uint(1); {
	case d.err != nil || kind == 0x40:
	case kind == 0x69 || kind == 0x6b: // MP3
		t.name = fmt.Sprintf("mp4a.%02x", kind)
		return nil
	default:
		return fmt.Errorf("its esds says object type %#x, neither MPEG-4 audio nor MP3", kind)
	}
	d.take(12)
	config := d.descriptor(5)
	if d.err != nil || len(config) < 2 {
		return errors.New("its esds has no AudioSpecificConfig")
	}
	return t.readAudioConfig(config)
}

func (t *track) readAudioConfig(c []byte) error {
	b := bitReader{b: c}
	if t.objectType = b.read(5); t.objectType == 31 {
		t.objectType = 32 + b.read(6)
	}
	rates := [...]int{96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350}
	switch index := b.read(4); {
	case index < len(rates):
		t.sampleRate = rates[index]
	case index == 15:
		t.sampleRate = b.read(24)
	default:
		return fmt.Errorf("its AudioSpecificConfig has the reserved rate index %d", index)
	}
	if t.channels = b.read(4); t.channels == 7 {
		t.channels = 8
	}
	return nil
}

// descriptor reads the header of the descriptor with that tag (ISO/IEC 14496-1 section 8.3.3) and gives what follows.
func (f *fields) descriptor(tag uint64) []byte {
	if f.uint(1) != tag {
		f.err = errTruncated
	}
	length := 0
	for range 4 {
		b := f.uint(1)
		length = length<<7 | int(b&0x7f)
		if b&0x80 == 0 {
			break
		}
	}
	if f.err != nil || length > len(f.b) {
		f.err = errTruncated
		return nil
	}
	return f.b[:length]
}

// bitReader reads bits, most significant first; beyond the end it reads zeros.
type bitReader struct {
	b  []byte
	at int
}

func (r *bitReader) read(n int) int {
	v := 0
	for range n {
		v <<= 1
		if i := r.at / 8; i < len(r.b) {
			v |= int(r.b[i]>>(7-r.at%8)) & 1
		}
		r.at++
	}
	return v
}
