// Package mp4test makes the bytes an encoder would: Init Sections, and samples that look like H.264 pictures and AAC
// frames without holding any. It is imported by tests only and never decides what a segment must look like.
package mp4test

import (
	"encoding/binary"
	"encoding/hex"
	"strconv"
	"strings"

	"movify/pkg/mp4"
)

// NALLength is the number of length bytes before each NAL unit of Pictures.
const NALLength = 4

// VideoInit is an Init Section (ftyp and moov) of one H.264 track without parameter sets. codecs is its RFC 6381 name,
// "avc1.64001F".
func VideoInit(timescale int, codecs string) []byte {
	return VideoInitWith(timescale, codecs, nil, nil)
}

// VideoInitWith is VideoInit with parameter sets.
func VideoInitWith(timescale int, codecs string, sps, pps [][]byte) []byte {
	config, err := hex.DecodeString(strings.TrimPrefix(codecs, "avc1."))
	if err != nil || len(config) != 3 {
		panic("mp4test: not an H.264 codec name: " + codecs)
	}
	c := mp4.AVCConfig{
		Profile: config[0], Compatibility: config[1], Level: config[2], NALLength: NALLength, SPS: sps, PPS: pps,
	}
	payload, err := c.Bytes()
	if err != nil {
		panic(err)
	}
	return initSection(timescale, "vide", Box("avc1", make([]byte, 78), Box("avcC", payload)))
}

// ParameterSets are a sequence parameter set of a codec, "avc1.64001F", and the picture parameter set that refers to it,
// both with a number up to 2 and a mark by which they differ from others.
func ParameterSets(codecs string, number int, mark byte) (sps, pps []byte) {
	config, err := hex.DecodeString(strings.TrimPrefix(codecs, "avc1."))
	if err != nil || len(config) != 3 {
		panic("mp4test: not an H.264 codec name: " + codecs)
	}
	// Exp-Golomb: 0 = 1, 1 = 010, 2 = 011.
	sps = append([]byte{0x67}, config...)
	sps = append(sps, [...]byte{0x80, 0x40, 0x60}[number]|0x10, mark)
	return sps, []byte{0x68, [...]byte{0xc0, 0x48, 0x6c}[number], mark}
}

// SliceHeader is the beginning of a slice that refers to the picture parameter set of a number up to 2: first_mb_in_slice 0,
// slice_type 7, pic_parameter_set_id.
func SliceHeader(number int) string {
	return string([]byte{0x88, [...]byte{0x80, 0x40, 0x60}[number] | 0x01})
}

// AudioInit is an Init Section of one AAC-LC track.
func AudioInit(timescale int) []byte {
	specific := []byte{5, 2, 2<<3 | 1, 0x90} // AAC-LC, 48 kHz, stereo
	decoder := append([]byte{4, byte(13 + len(specific)), 0x40}, make([]byte, 12)...)
	decoder = append(decoder, specific...)
	es := append([]byte{3, byte(3 + len(decoder)), 0, 1, 0}, decoder...)
	return initSection(timescale, "soun", Box("mp4a", make([]byte, 28), Box("esds", Words(0), es)))
}

func initSection(timescale int, handler string, entry []byte) []byte {
	stsd := Box("stsd", Words(0, 1), entry)
	media := Box("mdia",
		Box("mdhd", Words(0, 0, 0, uint32(timescale), 0, 0)),
		Box("hdlr", Words(0, 0), []byte(handler), make([]byte, 13)),
		Box("minf", Box("stbl", stsd)))
	trak := Box("trak", Box("tkhd", Words(7, 0, 0, 1)), media)
	moov := Box("moov", Box("mvhd", make([]byte, 100)), trak, Box("mvex", Box("trex", Words(0, 1, 1, 0, 0, 0))))
	return append(Box("ftyp", []byte("iso5"), Words(512), []byte("iso5iso6mp41")), moov...)
}

// Pictures are count H.264 pictures from dts on; the first is an IDR picture. Composition offsets are those of an
// encoder with B-pictures that writes them negative, so that the first picture is shown at its decoding time.
func Pictures(dts int64, count, ticks int, content string) []mp4.Sample {
	const idr, slice = 0x65, 0x41
	out := make([]mp4.Sample, count)
	for n := range out {
		kind, offset := byte(slice), 0
		switch {
		case n == 0:
			kind = idr
		case n%2 == 1 && n+1 < count:
			offset = ticks // shown after the picture that follows it in decoding order
		case n%2 == 0:
			offset = -ticks
		}
		out[n] = mp4.Sample{
			DTS: dts + int64(n*ticks), Duration: uint32(ticks), CTO: int32(offset),
			Key: n == 0, Data: nal(kind, content),
		}
	}
	return out
}

// Frames are count AAC frames of 1024 ticks from dts on.
func Frames(dts int64, count int, content string) []mp4.Sample {
	out := make([]mp4.Sample, count)
	for n := range out {
		out[n] = mp4.Sample{DTS: dts + int64(n)*1024, Duration: 1024, Key: true, Data: []byte("aac:" + content)}
	}
	return out
}

func nal(kind byte, content string) []byte { return NAL(append([]byte{kind}, content...)) }

// NAL is a NAL unit with its length before it.
func NAL(unit []byte) []byte {
	return append(binary.BigEndian.AppendUint32(nil, uint32(len(unit))), unit...)
}

// Box is a box with the payload's parts.
func Box(kind string, parts ...[]byte) []byte {
	out := append(make([]byte, 4), kind...)
	for _, p := range parts {
		out = append(out, p...)
	}
	binary.BigEndian.PutUint32(out, uint32(len(out)))
	return out
}

// Words are 32-bit big-endian numbers.
func Words(values ...uint32) []byte {
	var out []byte
	for _, v := range values {
		out = binary.BigEndian.AppendUint32(out, v)
	}
	return out
}

// Insert gives a file with boxes added at the end of a box of it. The path counts boxes of one type: "moov", "trak 1", "mdia" is
// the mdia of the second track. The moov has to be behind the samples, as their offsets stay.
func Insert(file []byte, boxes []byte, path ...string) []byte {
	if len(path) == 0 {
		return append(append([]byte(nil), file...), boxes...)
	}
	kind, number, _ := strings.Cut(path[0], " ")
	nth, _ := strconv.Atoi(number)
	var out []byte
	for len(file) >= 8 {
		size := int(binary.BigEndian.Uint32(file))
		if size < 8 || size > len(file) {
			break
		}
		box := file[:size]
		if string(box[4:8]) == kind {
			if nth == 0 {
				box = Box(kind, Insert(box[8:], boxes, path[1:]...))
			}
			nth--
		}
		out, file = append(out, box...), file[size:]
	}
	return append(out, file...)
}

// Change gives a file with each box of a kind replaced by what change makes of its payload; nothing leaves it out. The moov has
// to be behind the samples, as their offsets stay.
func Change(file []byte, kind string, change func(kind string, payload []byte) []byte) []byte {
	var out []byte
	for len(file) >= 8 {
		size := int(binary.BigEndian.Uint32(file))
		if size < 8 || size > len(file) {
			break
		}
		box, name := file[:size], string(file[4:8])
		switch name {
		case kind:
			box = change(name, append([]byte(nil), box[8:]...))
		case "moov", "trak", "mdia", "minf", "stbl", "edts":
			box = Box(name, Change(box[8:], kind, change))
		}
		out, file = append(out, box...), file[size:]
	}
	return append(out, file...)
}
