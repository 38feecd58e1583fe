package app

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"movify/pkg/fault"
	"movify/pkg/id"
	"movify/pkg/store"
	"movify/player/way"
)

const (
	// maxForeseen is of how many files doctor reads the probe: some kilobytes each.
	maxForeseen = 100_000
	// foreseeWithin is how long it reads them at most.
	foreseeWithin = 10 * time.Second
	// foreseenPage is how many it reads at once.
	foreseenPage = 1000
	// maxCauses is how many causes it names.
	maxCauses = 6
)

// examineOriginals says what Original needs, and how the films of the library would be played in a usual browser.
func examineOriginals(ctx context.Context, dataDir string) Finding {
	const name = "original"
	const needs = "Films play as they are by the server alone, without ffmpeg, where the device has their codec"
	path := filepath.Join(dataDir, databaseName)
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return Finding{name, Fine, needs + "; no film is known yet."}
	}
	db, err := store.Open(ctx, store.Options{Path: path, Guest: true})
	if fault.Of(err).Is(store.ErrOlder) {
		return Finding{name, Fine, needs + "; which films do was not looked at: the database is of an older version."}
	}
	if err != nil {
		return Finding{name, Warn, needs + "; which films do cannot be said: " + fault.Of(err).Message}
	}
	defer db.Close()
	c, err := foresee(ctx, db.Library())
	if err != nil {
		return Finding{name, Warn, needs + "; which films do cannot be said: " + fault.Of(err).Message}
	}
	return Finding{name, Fine, needs + ". " + c.words()}
}

// forecasts counts how the files of a library would be played in a usual browser.
type forecasts struct {
	files     int
	original  int            // as they are
	sound     int            // picture as it is, sound encoded
	converted map[string]int // by cause
	unread    bool           // there are more files than were read
}

// foresee reads the probes of the library.
func foresee(ctx context.Context, library *store.Library) (forecasts, error) {
	within, cancel := context.WithTimeout(ctx, foreseeWithin)
	defer cancel()
	out := forecasts{converted: map[string]int{}}
	browser, after := way.UsualBrowser(), id.File("")
	for out.files < maxForeseen {
		page, err := library.Probes(within, after, foreseenPage)
		if within.Err() != nil && ctx.Err() == nil {
			break
		}
		if err != nil {
			return out, err
		}
		for _, x := range page {
			after = x.File
			out.add(way.Foresee(browser, x.Probe))
		}
		if len(page) < foreseenPage {
			return out, nil
		}
	}
	out.unread = true
	return out, nil
}

// add counts a file.
func (f *forecasts) add(x way.Forecast, hasPicture bool) {
	if !hasPicture {
		return
	}
	f.files++
	switch {
	case x.Kind == way.Ladder:
		f.converted[x.Cause]++
	case x.Sound:
		f.sound++
	default:
		f.original++
	}
}

// words says how many files are played in which way, and the most frequent causes.
func (f forecasts) words() string {
	if f.files == 0 {
		return "No film is known yet."
	}
	all := fmt.Sprintf("Of %s", plural(f.files, "file"))
	if f.unread {
		all = fmt.Sprintf("Of the first %s", plural(f.files, "file"))
	}
	out := fmt.Sprintf("%s in the library, by their headers, a usual browser plays %d as they are", all, f.original)
	if f.sound > 0 {
		out += fmt.Sprintf(" and %d with only their sound encoded", f.sound)
	}
	causes := slices.SortedFunc(maps.Keys(f.converted), func(a, b string) int {
		return cmp.Or(cmp.Compare(f.converted[b], f.converted[a]), cmp.Compare(a, b))
	})
	if len(causes) == 0 {
		return out + "."
	}
	converted := f.files - f.original - f.sound
	var named []string
	rest := converted
	for _, cause := range causes[:min(len(causes), maxCauses)] {
		named = append(named, fmt.Sprintf("%d %s", f.converted[cause], cause))
		rest -= f.converted[cause]
	}
	if rest > 0 {
		named = append(named, fmt.Sprintf("%d for other causes", rest))
	}
	const each = "Each device is asked again at each start."
	return fmt.Sprintf("%s; %d would be encoded: %s. %s", out, converted, strings.Join(named, ", "), each)
}

func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
