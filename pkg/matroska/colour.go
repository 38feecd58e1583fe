package matroska

import "math"

// colour reads a Colour (RFC 9559 section 5.1.4.1.28.16).
func (v *Video) colour(data []byte) error {
	err := fields(data, map[uint32]*uint64{
		idMatrix: &v.Matrix, idTransfer: &v.Transfer, idPrimaries: &v.Primaries, idColourRange: &v.Range,
		idColourBits: &v.ColourBits, idSitingAcross: &v.SitingAcross, idSitingDown: &v.SitingDown,
		idMaxCLL: &v.MaxCLL, idMaxFALL: &v.MaxFALL,
	})
	if err != nil {
		return err
	}
	for e, err := range children(data) {
		if err != nil {
			return err
		}
		if e.id != idMastering {
			continue
		}
		var m Mastering
		err := floats(e.data, map[uint32]*float64{
			idMasteringRedX: &m.RedX, idMasteringRedX + 1: &m.RedY, idMasteringRedX + 2: &m.GreenX,
			idMasteringRedX + 3: &m.GreenY, idMasteringRedX + 4: &m.BlueX, idMasteringRedX + 5: &m.BlueY,
			idMasteringRedX + 6: &m.WhiteX, idMasteringRedX + 7: &m.WhiteY,
			idLuminanceMax: &m.LuminanceMax, idLuminanceMin: &m.LuminanceMin,
		})
		if err != nil {
			return err
		}
		v.Mastering = &m
	}
	return nil
}

// readProjection reads a Projection.
func readProjection(data []byte) (Projection, error) {
	var p Projection
	if err := fields(data, map[uint32]*uint64{idProjectionType: &p.Type}); err != nil {
		return p, err
	}
	err := floats(data, map[uint32]*float64{idPoseYaw: &p.Yaw, idPosePitch: &p.Pitch, idPoseRoll: &p.Roll})
	return p, err
}

// floats reads the floats among the children of an element into the variables of their IDs; one that is no finite
// number is left out.
func floats(b []byte, into map[uint32]*float64) error {
	for e, err := range children(b) {
		if err != nil {
			return err
		}
		field, wanted := into[e.id]
		if !wanted {
			continue
		}
		value, err := e.float()
		if err != nil {
			return err
		}
		if !math.IsNaN(value) && !math.IsInf(value, 0) {
			*field = value
		}
	}
	return nil
}
