package transcoder

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
)

// Rung is one step of the ladder a policy offers.
type Rung struct {
	Height  int `json:"height"`  // the rung's box is Height*16/9 by Height, turned for upright pictures
	MaxRate int `json:"maxRate"` // bit/s
}

// Policy is what decides a file's ladder, beside the file. Another policy makes other assets, under another key prefix.
type Policy struct {
	Rungs     []Rung `json:"rungs"`     // tallest first
	AudioRate int    `json:"audioRate"` // bit/s of a stereo rendition
	// SegmentSeconds is the length of a full segment.
	SegmentSeconds int `json:"segmentSeconds"`
}

// DefaultPolicy is the ladder that is made when the config says nothing.
func DefaultPolicy() Policy {
	return Policy{
		Rungs: []Rung{
			{Height: 1080, MaxRate: 6_000_000},
			{Height: 720, MaxRate: 3_000_000},
			{Height: 480, MaxRate: 1_400_000},
			{Height: 360, MaxRate: 700_000},
		},
		AudioRate:      160_000,
		SegmentSeconds: 4,
	}
}

// digest names a policy in eight hexadecimal digits.
func (p Policy) digest() string {
	text, err := json.Marshal(p)
	if err != nil {
		panic(fmt.Errorf("encode a policy: %w", err)) // plain numbers always encode
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:4])
}
