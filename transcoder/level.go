package transcoder

// level is a row of ITU-T H.264 table A-1.
type level struct {
	name       string
	idc        int
	macroPerS  int // MaxMBPS
	macroFrame int // MaxFS
	buffer     int // MaxDpbMbs
	kbit       int // MaxBR for High profile, 1000 bit/s units: 1.25 times the table
}

var levels = [...]level{
	{"2.1", 21, 19800, 792, 4752, 5000},
	{"3.0", 30, 40500, 1620, 8100, 12500},
	{"3.1", 31, 108000, 3600, 18000, 17500},
	{"3.2", 32, 216000, 5120, 20480, 25000},
	{"4.0", 40, 245760, 8192, 32768, 25000},
	{"4.2", 42, 522240, 8704, 34816, 62500},
	{"5.1", 51, 983040, 36864, 184320, 300000},
	{"5.2", 52, 2073600, 36864, 184320, 300000},
}

// reorderFrames is what our streams keep: three references and the pyramid's middle picture.
const reorderFrames = 4

// levelFor is the lowest level whose limits hold for a picture size, a rate in frames per second and a cap in bit/s.
func levelFor(width, height int, rate float64, maxRate int) level {
	macro := ((width + 15) / 16) * ((height + 15) / 16)
	for _, l := range levels {
		if macro <= l.macroFrame && float64(macro)*rate <= float64(l.macroPerS) &&
			macro*reorderFrames <= l.buffer && maxRate <= l.kbit*1000 {
			return l
		}
	}
	return levels[len(levels)-1]
}
