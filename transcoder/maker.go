package transcoder

import (
	"fmt"
	"slices"

	"movify/pkg/media"
	"movify/pkg/mp4"
)

// Maker says which encoder makes the pictures of a rendition. Every encoder has parameter sets of its own, and a rendition has
// one Init Section, which is stored with its first segment and never changes. So one that a hardware encoder begins gets
// an Init Section with two pairs of parameter sets, the device's and those of the software encoder under another
// number, and the software encoder can finish it at any segment (ITU-T H.264 section 7.4.1.2.1: a slice names its
// picture parameter set, and an IDR picture may activate another sequence parameter set).
type Maker int

const (
	// Software is the pinned software encoder with parameter sets number 0, alone in the Init Section.
	Software Maker = iota
	// Hardware is the encoder of a device.
	Hardware
	// SoftwareBeside is the pinned software encoder with parameter sets number BesideSet, in a rendition that Hardware began.
	SoftwareBeside
)

// BesideSet is the seq_parameter_set_id and pic_parameter_set_id of SoftwareBeside. Hardware encoders number theirs 0; one that
// takes this number is refused.
const BesideSet = 1

// highProfile is the profile_idc of H.264 High, which the plan of every rendition names.
const highProfile = 100

// joinInits makes the Init Section of a rendition that a hardware encoder begins: that of SoftwareBeside, with both configurations.
// The profile and the level are those of the plan, which hold for both; a constraint is claimed where both have it
// (ISO/IEC 14496-15 section 5.3.3.1.2).
func joinInits(hardware, beside mp4.Init) (mp4.Init, error) {
	if hardware.Timescale != beside.Timescale {
		return mp4.Init{}, fmt.Errorf("timescale is %d beside %d", hardware.Timescale, beside.Timescale)
	}
	theirs, err := mp4.ParseAVCConfig(hardware.Config)
	if err != nil {
		return mp4.Init{}, err
	}
	ours, err := mp4.ParseAVCConfig(beside.Config)
	if err != nil {
		return mp4.Init{}, err
	}
	if err := joinable(theirs, ours); err != nil {
		return mp4.Init{}, err
	}
	both := ours
	both.SPS, both.PPS = slices.Concat(theirs.SPS, ours.SPS), slices.Concat(theirs.PPS, ours.PPS)
	for _, sps := range both.SPS {
		both.Compatibility &= sps[2]
	}
	return beside.WithAVCConfig(both)
}

// joinable returns why the parameter sets of two encoders cannot stand in one Init Section.
func joinable(theirs, ours mp4.AVCConfig) error {
	if len(theirs.SPS) == 0 || len(theirs.PPS) == 0 || len(ours.SPS) == 0 || len(ours.PPS) == 0 {
		return fmt.Errorf("%w: an encoder has no parameter sets", ErrHeaders)
	}
	if theirs.NALLength != ours.NALLength {
		return fmt.Errorf("%w: lengths of %d bytes beside %d", ErrHeaders, theirs.NALLength, ours.NALLength)
	}
	for _, sps := range theirs.SPS {
		number, ok := mp4.SPSNumber(sps)
		switch {
		case !ok || number == BesideSet:
			return fmt.Errorf("%w: sequence parameter set %d", ErrHeaders, number)
		case sps[1] != highProfile || sps[3] > ours.Level:
			return fmt.Errorf("%w: profile %d level %d, the plan says %d and %d",
				ErrHeaders, sps[1], sps[3], highProfile, ours.Level)
		}
	}
	for _, pps := range theirs.PPS {
		if number, sps, ok := mp4.PPSNumbers(pps); !ok || number == BesideSet || sps == BesideSet {
			return fmt.Errorf("%w: picture parameter set %d", ErrHeaders, number)
		}
	}
	return ourNumbers(ours)
}

// ourNumbers checks that the software encoder has taken the number that it was told.
func ourNumbers(ours mp4.AVCConfig) error {
	for _, sps := range ours.SPS {
		if number, ok := mp4.SPSNumber(sps); !ok || number != BesideSet {
			return fmt.Errorf("%w: the software encoder has sequence parameter set %d", ErrHeaders, number)
		}
	}
	for _, pps := range ours.PPS {
		if number, sps, ok := mp4.PPSNumbers(pps); !ok || number != BesideSet || sps != BesideSet {
			return fmt.Errorf("%w: the software encoder has picture parameter set %d", ErrHeaders, number)
		}
	}
	return nil
}

// fits returns ErrHeaders unless every parameter set of a run is in the stored Init Section, byte for byte. A slice names its set,
// and a set is named by one number, so the run's segments decode with the stored Init Section as with the run's own.
func fits(run, stored mp4.Init) error {
	theirs, err := mp4.ParseAVCConfig(run.Config)
	if err != nil {
		return err
	}
	all, err := mp4.ParseAVCConfig(stored.Config)
	if err != nil {
		return err
	}
	if run.Timescale != stored.Timescale || theirs.NALLength != all.NALLength {
		return ErrHeaders
	}
	for _, set := range slices.Concat(theirs.SPS, theirs.PPS) {
		if !all.Has(set) {
			return ErrHeaders
		}
	}
	return nil
}

// begunByHardware reports whether an Init Section has the parameter sets of SoftwareBeside, as those of renditions have that a
// hardware encoder began.
func begunByHardware(in mp4.Init) bool {
	c, err := mp4.ParseAVCConfig(in.Config)
	return err == nil && slices.ContainsFunc(c.SPS, func(sps []byte) bool {
		number, ok := mp4.SPSNumber(sps)
		return ok && number == BesideSet
	})
}

// parseInit reads an Init Section as it is stored.
func parseInit(data []byte) (mp4.Init, error) {
	ftyp, moov, err := mp4.SplitInit(data)
	if err != nil {
		return mp4.Init{}, err
	}
	return mp4.ParseInit(ftyp, moov)
}

// hardwareMay reports whether a hardware encoder may make a rendition at all: the headers of one without colour depend on what a
// run meets in the file (media.Recipe before TruePicture), so that they are not known without it.
func hardwareMay(r media.Rendition) bool { return r.Kind == media.Video && r.Color != nil }
