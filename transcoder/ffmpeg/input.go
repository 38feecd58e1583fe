package ffmpeg

import (
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"time"

	ffgo "github.com/u2takey/ffmpeg-go"

	"movify/pkg/disc"
)

// input is how ffmpeg opens a source: a file, or a title of a disc as one timeline.
type input struct {
	url   string
	args  ffgo.KwArgs // that only this kind of input needs
	dir   string      // the working folder; "" = any
	reads []string    // files that are opened beside those that arguments name
	bytes int64       // of a title of a disc
	clips bool        // of a Blu-ray: entered some time before their first pictures
}

// openInput gives the input for a path. The index file of a disc stands for its title.
func openInput(path string) (input, error) {
	if !disc.IsIndex(path) {
		return input{url: inputURL(path)}, nil
	}
	title, err := disc.Open(path)
	if err != nil {
		return input{}, ErrDisc.Because(err)
	}
	for _, p := range title.Parts {
		if err := checkPart(title, p); err != nil {
			return input{}, err
		}
	}
	in := titleInput(title)
	if in.dir, err = filepath.Abs(title.Dir); err != nil {
		return input{}, ErrUnreadable.Because(err)
	}
	for n, file := range in.reads {
		in.reads[n] = filepath.Join(in.dir, filepath.Base(file))
	}
	return in, nil
}

// checkPart refuses a part of a disc that is no file, or whose bytes are a list of others. It reads no more: it is done for each
// run of segments.
func checkPart(t disc.Title, p disc.Part) error {
	f, _, _, err := openFile(filepath.Join(t.Dir, p.Name))
	if err != nil {
		return err
	}
	defer f.Close()
	head := make([]byte, headSize)
	n, err := f.ReadAt(head, p.From)
	switch {
	case err != nil && !errors.Is(err, io.EOF):
		return ErrUnreadable.Because(err)
	case isPlaylist(head[:n]):
		return ErrPlaylist
	}
	return nil
}

// titleInput is a title as one input of ffmpeg, run in the title's folder: names of files on a disc are letters and digits, so
// that nothing in the path of the folder has to be written for ffmpeg's lists.
func titleInput(t disc.Title) input {
	in := input{reads: t.Paths(), bytes: t.Bytes()}
	switch runs := clockRuns(t); {
	case t.Clips:
		in.url, in.args = listed(clipList(t), "mpegts", "file,data")
		in.clips = true
	case len(runs) > 1:
		in.url, in.args = listed(runList(runs), "mpeg", "file,data,concat,subfile")
	default:
		in.url = "concat:" + ranges(t.Parts)
		in.args = ffgo.KwArgs{"format_whitelist": "mpeg", "protocol_whitelist": "concat,subfile,file"}
	}
	return in
}

// listed gives a list for ffmpeg's concat demuxer, of files of a format, as an input.
func listed(list, format, protocols string) (url string, args ffgo.KwArgs) {
	return "data:text/plain;base64," + base64.StdEncoding.EncodeToString([]byte(list)), ffgo.KwArgs{
		"f": "concat", "safe": "0", "format_whitelist": "concat," + format, "protocol_whitelist": protocols,
	}
}

// ranges are parts of a DVD one behind another, as one stream, in the language of ffmpeg's concat protocol.
func ranges(parts []disc.Part) string {
	var out []string
	for _, p := range parts {
		out = append(out, fmt.Sprintf("subfile,,start,%d,end,%d,,:file:%s", p.From, p.To, p.Name))
	}
	return strings.Join(out, "|")
}

// clockRuns divides the parts of a DVD where the clock begins again.
func clockRuns(t disc.Title) (runs [][]disc.Part) {
	for _, p := range t.Parts {
		if len(runs) == 0 || p.Anew {
			runs = append(runs, nil)
		}
		runs[len(runs)-1] = append(runs[len(runs)-1], p)
	}
	return runs
}

// runList is the list of a DVD's runs in the language of ffmpeg's concat demuxer, which lays their clocks one behind the other.
// A run is as long as the index says; ffmpeg finds out what it does not say.
func runList(runs [][]disc.Part) string {
	var b strings.Builder
	b.WriteString("ffconcat version 1.0\n")
	for _, parts := range runs {
		fmt.Fprintf(&b, "file 'concat:%s'\n", ranges(parts))
		if lasts := parts[0].Lasts; lasts > 0 {
			fmt.Fprintf(&b, "duration %.6f\n", lasts.Seconds())
		}
	}
	return b.String()
}

// clipLead is how long before its first picture each clip is entered. ffmpeg would enter it behind its first pictures: it
// looks for the time in the middle of the file, and begins with the packet after the one that it finds. All clips have the
// same lead, so that it moves the title's beginning and no joint.
const clipLead = 500 * time.Millisecond

// clipList is the list of a Blu-ray's clips in the language of ffmpeg's concat demuxer
// (https://ffmpeg.org/ffmpeg-formats.html#concat-1), which lays their clocks one behind the other.
func clipList(t disc.Title) string {
	var b strings.Builder
	b.WriteString("ffconcat version 1.0\n")
	for _, p := range t.Parts {
		fmt.Fprintf(&b, "file 'file:%s'\ninpoint %.6f\noutpoint %.6f\nduration %.6f\n",
			p.Name, (p.In - clipLead).Seconds(), p.Out.Seconds(), (p.Out - p.In).Seconds())
	}
	return b.String()
}

// whitelisted are the arguments that an input is opened with.
func (in input) whitelisted() ffgo.KwArgs {
	out := readOnlyMedia()
	for name, value := range in.args {
		out[name] = value
	}
	return out
}
