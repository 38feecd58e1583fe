package sourcecheck_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"

	"movify/pkg/sourcecheck"
)

// film is a film of some seconds at 25 frames/s whose picture and sound change without a rhythm, and differently for
// each seed.
func film(seconds int, seed uint64) sourcecheck.Film {
	return sourcecheck.Film{
		Pictures: pictures(seconds, 40_000, func(us int64) int64 { return us }),
		Sounds:   []sourcecheck.Sound{sound(seconds, seed, func(us int64) (int64, float64) { return us, 0 })},
	}
}

// pictures are frames of an endless film, each frameUS long; from says which time of the film one shows, negative = it is
// left out.
func pictures(seconds int, frameUS int64, from func(us int64) int64) (p sourcecheck.Pictures) {
	for at := int64(0); at < int64(seconds)*1_000_000; at += frameUS {
		if us := from(at); us >= 0 {
			var mark [sourcecheck.MarkSize]byte
			for n := range mark {
				r := rand.New(rand.NewPCG(uint64(us/200_000), uint64(n)))
				mark[n] = byte(r.IntN(200)) + byte(us%200_000/5000)
			}
			p.Add(at)
			p.AddMark(mark)
			p.Fields.Frames++
		}
	}
	p.Finish()
	return p
}

// sound are the levels of an endless film; from says which time of it a hop plays, negative = silence, and how much
// louder.
func sound(seconds int, seed uint64, from func(us int64) (int64, float64)) (s sourcecheck.Sound) {
	for at := int64(0); at < int64(seconds)*1_000_000; at += sourcecheck.HopUS {
		us, gain := from(at)
		level := -120.0
		if us >= 0 {
			level = -40 + 30*rand.New(rand.NewPCG(seed, uint64(us/130_000))).Float64() + gain
		}
		s.Add(at, level)
	}
	return s
}

// made is an asset of a film that is as it should be.
func made(f sourcecheck.Film) sourcecheck.Asset {
	a := sourcecheck.Asset{
		Pictures: f.Pictures, Tallest: f.Pictures,
		Rungs: []sourcecheck.Rung{{Path: "v", Primaries: "bt709", Transfer: "bt709", Matrix: "bt709"}},
	}
	a.Pictures.Path, a.Tallest.Path = "v", "v"
	for n, s := range f.Sounds {
		s.Path = fmt.Sprintf("a%d", n)
		a.Sounds = append(a.Sounds, s)
	}
	return a
}

func (c *change) sound(from func(us int64) (int64, float64)) {
	c.asset.Sounds[0] = sound(12, 1, from)
	c.asset.Sounds[0].Path = "a0"
}

func (c *change) picture(seconds int, frameUS int64, from func(us int64) int64) {
	c.asset.Pictures = pictures(seconds, frameUS, from)
	c.asset.Pictures.Path = "v"
}

// change is a film and its asset, one of which a case alters.
type change struct {
	film  *sourcecheck.Film
	asset *sourcecheck.Asset
}

func TestCompare(t *testing.T) {
	t.Parallel()
	later := func(from, by int64) func(us int64) (int64, float64) {
		return func(us int64) (int64, float64) {
			if us >= from+by {
				return us - by, 0
			}
			if us >= from {
				return -1, 0
			}
			return us, 0
		}
	}
	for name, c := range map[string]struct {
		alter func(c *change)
		want  []string
	}{
		"right":   {alter: func(*change) {}},
		"quieter": {alter: func(c *change) { c.sound(func(us int64) (int64, float64) { return us, -8 }) }},
		"30 ms late": {alter: func(c *change) {
			c.sound(func(us int64) (int64, float64) { return max(0, us-30_000), 0 })
		}},
		"another clock": {alter: func(c *change) {
			c.film.Pictures = sourcecheck.Pictures{}
			c.film.Pictures.Append(c.asset.Pictures, 3_600_000_000)
			c.film.Pictures.Finish()
			c.film.Sounds[0].FromUS += 3_600_000_000
		}},
		"twice the frames": {alter: func(c *change) { c.picture(12, 20_000, func(us int64) int64 { return us / 40_000 * 40_000 }) }},
		"a picture held while the sound goes on": {alter: func(c *change) {
			c.film.Pictures = pictures(10, 40_000, func(us int64) int64 { return us })
			c.picture(12, 40_000, func(us int64) int64 { return min(us, 9_960_000) })
		}},
		"frames missing at the beginning of the film's clock": {alter: func(c *change) {
			c.film.Pictures = pictures(12, 40_000, func(us int64) int64 {
				if us < 1_000_000 {
					return -1
				}
				return us
			})
			c.picture(12, 40_000, func(us int64) int64 { return max(us, 1_000_000) })
		}},
		"sound late from 4 s on": {
			alter: func(c *change) { c.sound(later(4_000_000, 85_000)) },
			want: []string{
				"sound-shift a0 4.1: from 4.08 s on the sound is 85 ms later than before",
				"av-offset a0 12: at the end the sound is 85 ms late against the picture",
			},
		},
		"sound late from 4 s to 8 s": {
			alter: func(c *change) {
				c.sound(func(us int64) (int64, float64) {
					if us >= 4_000_000 && us < 8_000_000 {
						return us - 85_000, 0
					}
					return us, 0
				})
			},
			want: []string{"sound-shift a0 4: from 3.98 s on the sound is 85 ms later than before"},
		},
		"sound two seconds late": {
			alter: func(c *change) { c.sound(later(0, 2_000_000)) },
			want:  []string{"av-offset a0 2: at the start the sound is 2000 ms late against the picture"},
		},
		"picture and sound late together": {
			alter: func(c *change) {
				c.sound(later(4_000_000, 300_000))
				c.picture(12, 40_000, func(us int64) int64 {
					if us < 4_000_000 {
						return us
					}
					return max(3_960_000, us-320_000)
				})
			},
			want: []string{
				"picture-shift v 4: from about 4 s on the picture is 320 ms later than before",
				"sound-end a0 12: the sound ends at 12.00 s, 0.30 s before the source's",
			},
		},
		"holes": {
			alter: func(c *change) {
				c.sound(func(us int64) (int64, float64) {
					if us%5_000_000 > 4_000_000 && us%5_000_000 < 4_100_000 {
						return -1, 0
					}
					return us, 0
				})
			},
			want: []string{"sound-hole a0 4: silence from 4.00 s to 4.10 s, where the source has sound and 1 more"},
		},
		"sound in a silence": {
			alter: func(c *change) {
				c.film.Sounds[0] = sound(12, 1, func(us int64) (int64, float64) {
					if us > 6_000_000 && us < 6_200_000 {
						return -1, 0
					}
					return us, 0
				})
			},
			want: []string{"sound-extra a0 6: sound from 6.00 s to 6.20 s, where the source has silence"},
		},
		"sound from 1 s on": {
			alter: func(c *change) {
				s := &c.asset.Sounds[0]
				s.FromUS, s.Levels = 1_000_000, s.Levels[200:]
			},
			want: []string{"sound-start a0 1: the first 1.00 s of the sound are missing"},
		},
		"another film's sound": {
			alter: func(c *change) {
				c.asset.Sounds[0] = sound(12, 9, func(us int64) (int64, float64) { return us, 0 })
				c.asset.Sounds[0].Path = "a0"
			},
			want: []string{"sound-missing a0 -: its sound is not that of a track of the source"},
		},
		"no sound": {
			alter: func(c *change) { c.asset.Sounds = nil },
			want:  []string{"sound-missing v -: the source has sound, and the asset has none"},
		},
		"another film's picture": {
			alter: func(c *change) { c.picture(12, 40_000, func(us int64) int64 { return us + 60_000_000 }) },
			want:  []string{"picture-missing v -: its picture is not that of the source"},
		},
		"tracks in another order": {
			alter: func(c *change) {
				other := sound(12, 2, func(us int64) (int64, float64) { return us, 0 })
				c.film.Sounds = append(c.film.Sounds, other)
				other.Path = "a1"
				c.asset.Sounds = []sourcecheck.Sound{other, c.asset.Sounds[0]}
			},
		},
		"nothing decoded": {
			alter: func(c *change) { c.asset.Pictures = sourcecheck.Pictures{Path: "v"}; c.asset.Sounds[0].Levels = nil },
			want: []string{
				"picture-end v -: none of its pictures can be decoded",
				"sound-missing a0 -: none of its sound can be decoded",
			},
		},
		"frozen in the middle": {
			alter: func(c *change) {
				c.picture(12, 40_000, func(us int64) int64 {
					if us > 5_000_000 && us < 7_000_000 {
						return 5_000_000
					}
					return us
				})
			},
			want: []string{"picture-frozen v 5: the picture stands still from 5.00 s to 7.00 s, the source's moves"},
		},
		"rungs": {
			alter: func(c *change) {
				c.asset.Rungs = append(c.asset.Rungs,
					sourcecheck.Rung{Path: "w", Primaries: "bt709", Transfer: "bt709", Matrix: "smpte170m"},
					sourcecheck.Rung{Path: "x", Primaries: "bt709", Matrix: "bt709"})
			},
			want: []string{
				"color-labels w -: says bt709/bt709/smpte170m, v says bt709/bt709/bt709",
				"color-labels x -: does not say its transfer characteristics",
			},
		},
		"combed": {
			alter: func(c *change) {
				c.asset.Tallest.Fields = sourcecheck.Fields{Frames: 100, TopFirst: 45, BottomFirst: 5}
			},
			want: []string{
				"combing v -: 50 of 100 pictures that were looked at show two fields at once; the source says that it is progressive",
			},
		},
		"fine lines": {
			alter: func(c *change) {
				c.asset.Tallest.Fields = sourcecheck.Fields{Frames: 100, TopFirst: 52, BottomFirst: 40}
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := film(12, 1)
			a := made(f)
			c.alter(&change{film: &f, asset: &a})
			var got []string
			for _, f := range sourcecheck.Compare(f, a).Findings {
				at := "-"
				if f.Seconds != nil {
					at = fmt.Sprint(*f.Seconds)
				}
				line := fmt.Sprintf("%s %s %s: %s", f.Rule, f.Where, at, f.What)
				if f.Times > 1 {
					line += fmt.Sprintf(" and %d more", f.Times-1)
				}
				if f.Section == "" {
					t.Errorf("%s: without a reason", f.Rule)
				}
				got = append(got, line)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
