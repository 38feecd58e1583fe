package ffmpeg

import (
	"encoding/base64"
	"fmt"
	"path/filepath"
	"strconv"
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
	for _, file := range title.Paths() {
		f, _, _, err := openFile(file) // and no more: it is done for each run of segments
		if err != nil {
			return input{}, err
		}
		f.Close()
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

// titleInput is a title as one input of ffmpeg, run in the title's folder: names of files on a disc are letters and digits, so
// that nothing in the path of the folder has to be written for ffmpeg's lists.
func titleInput(t disc.Title) input {
	if t.Clips {
		return input{
			url: "data:text/plain;base64," + base64.StdEncoding.EncodeToString([]byte(clipList(t))),
			args: ffgo.KwArgs{
				"f": "concat", "safe": "0", "format_whitelist": "concat,mpegts", "protocol_whitelist": "file,data",
			},
			reads: t.Paths(), bytes: t.Bytes(),
		}
	}
	var ranges []string
	for _, p := range t.Parts {
		ranges = append(ranges, "subfile,,start,"+strconv.FormatInt(p.From, 10)+",end,"+strconv.FormatInt(p.To, 10)+
			",,:file:"+p.Name)
	}
	return input{
		url:   "concat:" + strings.Join(ranges, "|"),
		args:  ffgo.KwArgs{"format_whitelist": "mpeg", "protocol_whitelist": "concat,subfile,file"},
		reads: t.Paths(), bytes: t.Bytes(),
	}
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
