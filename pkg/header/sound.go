package header

import (
	"errors"

	"movify/pkg/media"
)

// aac reads an AudioSpecificConfig (ISO/IEC 14496-3 section 1.6.2.1) of AAC-LC. Spectral band replication doubles the
// rate and may be signalled in the frames only, so a configuration that may have it is not read.
func aac(a media.AudioTrack, config []byte) (media.AudioTrack, error) {
	const lowComplexity, replicates = 2, 24_000
	rates := [...]int{
		96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000, 7_350,
	}
	channels := [...]int{0, 1, 2, 3, 4, 5, 6}
	r := &bitReader{b: config}
	kind, rate, set := int(r.u(5)), int(r.u(4)), int(r.u(4))
	if r.short || kind != lowComplexity || rate >= len(rates) || rates[rate] <= replicates || set == 0 ||
		set >= len(channels) {
		return a, errors.New("AAC of another kind")
	}
	a.Codec, a.SampleRate, a.Channels = "aac", rates[rate], channels[set]
	a.Layout = layout("aac", a.Channels)
	return a, nil
}

// layout names the speakers of a codec whose count of channels tells them; "" where it does not.
func layout(codec string, channels int) string {
	switch {
	case channels == 1:
		return "mono"
	case channels == 2:
		return "stereo"
	}
	switch codec {
	case "aac":
		return map[int]string{3: "3.0", 4: "4.0", 5: "5.0", 6: "5.1"}[channels]
	case "opus", "vorbis", "flac":
		return map[int]string{3: "3.0", 4: "quad", 5: "5.0", 6: "5.1", 7: "6.1", 8: "7.1"}[channels]
	}
	return ""
}

// dolbyChannels are the channels of acmod, without the one for low frequencies (ETSI TS 102 366 table 4.3).
func dolbyChannels(acmod uint64) int { return [...]int{2, 1, 2, 3, 3, 4, 4, 5}[acmod&7] }

// dolbyLayout names the speakers of acmod and lfeon where ffmpeg has a plain name for them.
func dolbyLayout(acmod uint64, low bool) string {
	if low {
		return map[uint64]string{7: "5.1(side)", 2: "2.1"}[acmod]
	}
	return map[uint64]string{1: "mono", 2: "stereo", 0: "stereo", 3: "3.0", 7: "5.0(side)"}[acmod]
}

// dac3 reads the box that describes AC-3 (ETSI TS 102 366 section F.4).
func dac3(a media.AudioTrack, b []byte) (media.AudioTrack, error) {
	r := &bitReader{b: b}
	rate := r.u(2)
	r.skip(5 + 3)
	acmod, low := r.u(3), r.flag()
	if r.short || rate == 3 {
		return a, errors.New("AC-3 of another kind")
	}
	a.Codec, a.SampleRate = "ac3", [...]int{48_000, 44_100, 32_000}[rate]
	return dolby(a, acmod, low), nil
}

// dec3 reads the box that describes Enhanced AC-3 (section F.6): its first and only independent substream.
func dec3(a media.AudioTrack, b []byte) (media.AudioTrack, error) {
	r := &bitReader{b: b}
	r.skip(13)
	streams := r.u(3)
	rate := r.u(2)
	r.skip(5 + 1 + 1 + 3)
	acmod, low := r.u(3), r.flag()
	r.skip(3)
	dependent := r.u(4)
	if r.short || rate == 3 || streams != 0 || dependent != 0 {
		return a, errors.New("E-AC-3 of another kind")
	}
	a.Codec, a.SampleRate = "eac3", [...]int{48_000, 44_100, 32_000}[rate]
	return dolby(a, acmod, low), nil
}

func dolby(a media.AudioTrack, acmod uint64, low bool) media.AudioTrack {
	a.Channels, a.Layout = dolbyChannels(acmod), dolbyLayout(acmod, low)
	if low {
		a.Channels++
	}
	return a
}
