package main

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// The shares of a large library: of a hundred files this many are movies, each in a folder of its own; the rest are
// episodes of series of two seasons.
const (
	moviesOfHundred = 60
	episodesOfOne   = 24
	episodesOfYear  = 12
)

// seeds makes short films of a few kilobytes each, half of them MP4 and half Matroska.
func seeds(ctx context.Context, o options) ([]string, error) {
	var out []string
	for n, size := range []string{"64x36", "96x54", "128x72", "160x90", "192x108", "256x144"} {
		for _, ending := range []string{"mp4", "mkv"} {
			path := filepath.Join(o.work, fmt.Sprintf("seed-%d.%s", n, ending))
			made, err := once(ctx, path, []string{
				"-f", "lavfi", "-i", "color=s=" + size + ":r=24:c=0x204060", "-f", "lavfi", "-i", "sine", "-t", fmt.Sprint(2 + n%3),
				"-c:v", "libx264", "-preset", "veryfast", "-pix_fmt", "yuv420p", "-c:a", "aac", "-b:a", "16k",
				"-metadata:s:a:0", "language=eng",
			})
			if err != nil {
				return nil, err
			}
			out = append(out, made)
		}
	}
	return out, nil
}

// plant fills a folder with n films as people keep them and gives their paths. No two have the same content, and none
// plays differently from its seed: a box or element that readers pass by, with a number, stands behind each.
func plant(dir string, seeds []string, n int) ([]string, error) {
	contents := make([][]byte, len(seeds))
	for i, s := range seeds {
		data, err := os.ReadFile(s)
		if err != nil {
			return nil, err
		}
		contents[i] = data
	}
	paths := make([]string, 0, n)
	for i := range n {
		kind := i % len(seeds)
		path := filepath.Join(dir, placeOf(i)+filepath.Ext(seeds[kind]))
		err := os.MkdirAll(filepath.Dir(path), 0o755)
		if err == nil {
			err = os.WriteFile(
				path, append(contents[kind][:len(contents[kind]):len(contents[kind])], filler(path, i)...), 0o644,
			)
		}
		if err != nil {
			return nil, fmt.Errorf("plant the library: %w", err)
		}
		paths = append(paths, path)
	}
	return paths, nil
}

// placeOf is the path of file number i below the library, without its ending.
func placeOf(i int) string {
	hundred, rest := i/100, i%100
	if rest < moviesOfHundred {
		name := fmt.Sprintf(
			"%s %d (%d)", wordsOf(hundred*moviesOfHundred+rest), hundred*moviesOfHundred+rest, 1950+i%75,
		)
		return filepath.Join("Movies", name, name)
	}
	e := hundred*(100-moviesOfHundred) + rest - moviesOfHundred
	show, at := e/episodesOfOne, e%episodesOfOne
	name := fmt.Sprintf("%s Show %d", wordsOf(show), show)
	return filepath.Join("Shows", name, fmt.Sprintf("Season %02d", at/episodesOfYear+1),
		fmt.Sprintf("%s S%02dE%02d", name, at/episodesOfYear+1, at%episodesOfYear+1))
}

// wordsOf is a name of two or three words. As in real names some words are in many and most in few: the commonest is in
// one name of seven, half of the vocabulary in one of several thousand.
func wordsOf(n int) string {
	name := wordOf(n, 0) + " " + wordOf(n, 1)
	if n%3 == 0 {
		name += " " + wordOf(n, 2)
	}
	return name
}

// vocabulary is how many words there are.
const vocabulary = 4096

var syllables = [...]string{
	"ba", "den", "fir", "gol", "har", "kin", "lor", "mar", "nor", "pel", "ran", "sil", "tor", "val", "wen", "zar",
}

// wordOf is the word at a place of name n.
func wordOf(n, place int) string {
	const spread = 2_654_435_761 // Knuth's multiplier: neighbours get words far apart
	u := float64(uint32((n*3+place)*spread)) / (1 << 32)
	word := int(vocabulary * u * u * u)
	text := syllables[word%16] + syllables[word/16%16] + syllables[word/256%16]
	return strings.ToUpper(text[:1]) + text[1:]
}

// filler is what makes a copy differ: a free box (ISO/IEC 14496-12 section 8.1.2) or a Void element (RFC 8794 section
// 11.3.2), both with a number in it.
func filler(path string, number int) []byte {
	if filepath.Ext(path) == ".mkv" {
		const void, eight = 0xec, 0x88
		return binary.BigEndian.AppendUint64([]byte{void, eight}, uint64(number))
	}
	box := append(binary.BigEndian.AppendUint32(nil, 16), "free"...)
	return binary.BigEndian.AppendUint64(box, uint64(number))
}

// errFewFiles says that a part was asked for with too little to measure.
var errFewFiles = errors.New("-files is at least 10")
