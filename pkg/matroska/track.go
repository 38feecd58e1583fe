package matroska

import "fmt"

// codePoint2 is "unspecified" in the tables of ITU-T H.273.
const codePoint2 = 2

func (b *headerReader) tracks(data []byte) error {
	for e, err := range children(data) {
		if err != nil {
			return err
		}
		if e.id != idTrackEntry {
			continue
		}
		if len(b.h.Tracks) == maxTracks {
			return fmt.Errorf("%w: more than %d tracks", ErrTooMuch, maxTracks)
		}
		t, err := readTrack(e.data)
		if err != nil {
			return err
		}
		b.h.Tracks = append(b.h.Tracks, t)
	}
	return nil
}

func readTrack(data []byte) (Track, error) {
	t := Track{Language: "eng"}
	standard, enabled, lacing := uint64(1), uint64(1), uint64(1)
	var forced, hearing, visual, original, commentary uint64
	err := fields(data, map[uint32]*uint64{
		idTrackNumber: &t.Number, idTrackUID: &t.UID, idTrackType: &t.Type, idDefaultDuration: &t.FrameNS,
		idFlagDefault: &standard, idFlagForced: &forced, idFlagHearing: &hearing, idFlagVisual: &visual,
		idFlagOriginal: &original, idFlagCommentary: &commentary, idFlagEnabled: &enabled, idFlagLacing: &lacing,
		idMaxAdditionID: &t.MaxAdditionID, idCodecDelay: &t.DelayNS, idSeekPreRoll: &t.PreRollNS,
	})
	if err != nil {
		return t, err
	}
	t.Default, t.Forced, t.Disabled, t.Unlaced = standard != 0, forced != 0, enabled == 0, lacing == 0
	t.Hearing, t.Visual, t.Original, t.Commentary = hearing != 0, visual != 0, original != 0, commentary != 0
	for e, err := range children(data) {
		if err != nil {
			return t, err
		}
		switch e.id {
		case idCodecID:
			t.Codec = e.text()
		case idCodecPrivate:
			t.Private = e.data
		case idTrackName:
			t.Name = e.text()
		case idLanguage:
			t.Language = e.text()
		case idLanguageBCP47:
			t.LanguageBCP47 = e.text()
		case idVideo:
			t.Video, err = readVideo(e.data)
		case idAudio:
			t.Audio, err = readAudio(e.data)
		case idContentEncodings:
			err = t.encodings(e.data)
		case idAdditionMapping:
			err = t.addition(e.data)
		}
		if err != nil {
			return t, err
		}
	}
	return t, nil
}

func readVideo(data []byte) (Video, error) {
	v := Video{FieldOrder: 2, Matrix: codePoint2, Transfer: codePoint2, Primaries: codePoint2}
	err := fields(data, map[uint32]*uint64{
		idPixelWidth: &v.Width, idPixelHeight: &v.Height, idDisplayWidth: &v.DisplayWidth, idDisplayHeight: &v.DisplayHeight,
		idDisplayUnit: &v.DisplayUnit, idInterlaced: &v.Interlaced, idFieldOrder: &v.FieldOrder, idStereoMode: &v.StereoMode,
		idCropLeft: &v.CropLeft, idCropTop: &v.CropTop, idCropRight: &v.CropRight, idCropBottom: &v.CropBottom,
	})
	if err != nil {
		return v, err
	}
	for e, err := range children(data) {
		if err != nil {
			return v, err
		}
		switch e.id {
		case idProjection:
			v.Projected = true
			v.Projection, err = readProjection(e.data)
		case idColour:
			v.Coloured = true
			err = v.colour(e.data)
		}
		if err != nil {
			return v, err
		}
	}
	return v, nil
}

func readAudio(data []byte) (Audio, error) {
	a := Audio{Rate: 8000, Channels: 1}
	if err := fields(data, map[uint32]*uint64{idChannels: &a.Channels, idBitDepth: &a.Bits}); err != nil {
		return a, err
	}
	for e, err := range children(data) {
		if err != nil {
			return a, err
		}
		switch e.id {
		case idSamplingRate:
			a.Rate, err = e.float()
		case idOutputSamplingRate:
			a.OutputRate, err = e.float()
		}
		if err != nil {
			return a, err
		}
	}
	return a, nil
}

func (t *Track) addition(data []byte) error {
	var a Addition
	if err := fields(data, map[uint32]*uint64{idAdditionType: &a.Type}); err != nil {
		return err
	}
	for e, err := range children(data) {
		if err != nil {
			return err
		}
		if e.id == idAdditionExtra {
			a.Extra = e.data
		}
	}
	t.Additions = append(t.Additions, a)
	return nil
}
