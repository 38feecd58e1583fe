package sampleentry

import "math"

// boxes gives the boxes of a colour: colr, mdcv and clli (ISO/IEC 14496-12:2022 section 12.1). Without anything to say
// there is none.
func (c *Colour) boxes() (out []byte) {
	if c == nil {
		return nil
	}
	const unspecified, full = 2, 0x80
	if c.Primaries != unspecified || c.Transfer != unspecified || c.Matrix != unspecified || c.Full {
		bits := byte(0)
		if c.Full {
			bits = full
		}
		out = append(out, box("colr", []byte("nclx"), halves(c.Primaries, c.Transfer, c.Matrix), []byte{bits})...)
	}
	out = append(out, c.Mastering.box()...)
	if c.MaxCLL != 0 || c.MaxFALL != 0 {
		out = append(out, box("clli", halves(c.MaxCLL, c.MaxFALL))...)
	}
	return out
}

// box gives a MasteringDisplayColourVolumeBox: chromaticities in 0.00002, green, blue, red and white, luminances in
// 0.0001 candelas per square metre (ITU-T H.265 section D.3.28). A display that is described by half is left out.
func (m *Mastering) box() []byte {
	if m == nil {
		return nil
	}
	var out []byte
	for _, v := range []float64{m.GreenX, m.GreenY, m.BlueX, m.BlueY, m.RedX, m.RedY, m.WhiteX, m.WhiteY} {
		if !(v > 0 && v <= 1) {
			return nil
		}
		out = be.AppendUint16(out, uint16(math.Round(v*50_000)))
	}
	if !(m.LuminanceMax > m.LuminanceMin && m.LuminanceMin >= 0 && m.LuminanceMax <= 100_000) {
		return nil
	}
	for _, v := range []float64{m.LuminanceMax, m.LuminanceMin} {
		out = be.AppendUint32(out, uint32(math.Round(v*10_000)))
	}
	return box("mdcv", out)
}
