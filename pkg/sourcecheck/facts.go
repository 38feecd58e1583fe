// Package sourcecheck judges an asset by the film that it was made of: pictures that are missing or frozen, sound that
// is shifted, cut or doubled, colour without labels, fields that were left interlaced. It compares facts that were
// measured of both and does nothing else: it decodes nothing, opens no file and knows nothing of ladders or grids. Film
// and asset meet by their contents alone, so that what the transcoder believes about times cannot hide its mistakes.
package sourcecheck

// Bounds of what is kept of a film, whatever it says about itself.
const (
	// HopUS is how much sound one level stands for, microseconds.
	HopUS = 5_000
	// MarkSide is the width and the height of the small picture that is kept of each frame.
	MarkSide = 8
	// MarkSize is the bytes of it: one of brightness for each cell, row by row.
	MarkSize = MarkSide * MarkSide

	maxHops   = 48 * 3600 * 1_000_000 / HopUS
	maxFrames = 4_000_000
)

// Film is a source as decoded.
type Film struct {
	Pictures Pictures
	Sounds   []Sound // in the order of its tracks
	// Interlaced says that its frames are of two fields each, by its stream or by its frames.
	Interlaced bool
}

// Asset is a packaged stream as decoded.
type Asset struct {
	Pictures Pictures // of its smallest rung, whole
	Sounds   []Sound  // of every audio rendition, whole
	Rungs    []Rung
	// Tallest is parts of its tallest rung: combing is seen at full height only.
	Tallest Pictures
}

// Rung is a video rendition as it is labelled. The labels are ffprobe's names; "" or "unknown" = there is none.
type Rung struct {
	Path                        string // of its Media Playlist
	Primaries, Transfer, Matrix string
}

// Pictures are the frames of a video stream in the order in which they are shown.
type Pictures struct {
	Path    string  // of the rendition's Media Playlist; "" for a film
	TimesUS []int64 // when each begins, microseconds on the stream's clock
	Marks   []byte  // MarkSize for each
	Fields  Fields
}

// Fields counts frames by how they look, and not by what they say of themselves.
type Fields struct {
	Frames, TopFirst, BottomFirst int
}

// Add adds a frame. Frames beyond four million are left out.
func (p *Pictures) Add(atUS int64) {
	if len(p.TimesUS) < maxFrames {
		p.TimesUS = append(p.TimesUS, atUS)
	}
}

// AddMark adds the small picture of the next frame that has none.
func (p *Pictures) AddMark(mark [MarkSize]byte) {
	if len(p.Marks) < maxFrames*MarkSize {
		p.Marks = append(p.Marks, mark[:]...)
	}
}

// Append adds the frames of another recording, shiftUS later than they are there.
func (p *Pictures) Append(other Pictures, shiftUS int64) {
	for n, at := range other.TimesUS {
		p.Add(at + shiftUS)
		p.AddMark([MarkSize]byte(other.mark(n)))
	}
	p.Fields.Frames += other.Fields.Frames
	p.Fields.TopFirst += other.Fields.TopFirst
	p.Fields.BottomFirst += other.Fields.BottomFirst
}

// Finish makes times and marks one to one, and gives times an order: what a decoder leaves at the end of a broken stream
// may have either without the other.
func (p *Pictures) Finish() {
	n := min(len(p.TimesUS), len(p.Marks)/MarkSize)
	p.TimesUS, p.Marks = p.TimesUS[:n], p.Marks[:n*MarkSize]
	for i := 1; i < n; i++ {
		p.TimesUS[i] = max(p.TimesUS[i], p.TimesUS[i-1])
	}
}

func (p Pictures) mark(n int) []byte { return p.Marks[n*MarkSize : (n+1)*MarkSize] }

// EndUS is when the last frame has been shown for as long as the others on average, at most a second.
func (p Pictures) EndUS() int64 {
	if len(p.TimesUS) == 0 {
		return 0
	}
	return p.TimesUS[len(p.TimesUS)-1] + min(p.frameUS(), 1_000_000)
}

// frameUS is how long a frame lasts on average, microseconds.
func (p Pictures) frameUS() int64 {
	n := int64(len(p.TimesUS))
	if n < 2 {
		return 40_000
	}
	return max(1_000, (p.TimesUS[n-1]-p.TimesUS[0])/(n-1))
}

// Sound is how loud a track is, hop by hop.
type Sound struct {
	Path   string  // of the rendition's Media Playlist; "" for a film
	FromUS int64   // when the first hop begins, microseconds on the stream's clock
	Levels []uint8 // 0 = no samples; else 1 to 200: twice the decibels above -100 dB of full scale
}

// Add places a hop by its time. It is dropped when it lies before the first one or more than 48 hours behind it. A place
// between two hops that only rounding left free is filled.
func (s *Sound) Add(atUS int64, decibels float64) {
	if len(s.Levels) == 0 {
		s.FromUS = atUS
	}
	n := int((atUS - s.FromUS + HopUS/2) / HopUS)
	if atUS < s.FromUS || n >= maxHops {
		return
	}
	level := uint8(1)
	if decibels > -99.5 {
		level = uint8(min(200, 2*(decibels+100)))
	}
	if n == len(s.Levels)+1 {
		s.Levels = append(s.Levels, level)
	}
	for len(s.Levels) <= n {
		s.Levels = append(s.Levels, 0)
	}
	s.Levels[n] = level
}

// Append adds the hops of another recording, shiftUS later than they are there.
func (s *Sound) Append(other Sound, shiftUS int64) {
	for n, level := range other.Levels {
		if level > 0 {
			s.Add(other.FromUS+shiftUS+int64(n)*HopUS, float64(level)/2-100)
		}
	}
}

// EndUS is when the last hop ends.
func (s Sound) EndUS() int64 { return s.FromUS + int64(len(s.Levels))*HopUS }
