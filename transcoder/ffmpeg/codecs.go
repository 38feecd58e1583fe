package ffmpeg

import (
	"bufio"
	"bytes"
	"context"
	"regexp"
	"slices"
	"sync"

	"movify/pkg/media"
)

// codecList is which codecs the installed ffprobe has a permitted decoder for. It is asked once; the zero value is ready.
type codecList struct {
	mu    sync.Mutex
	known map[string]bool // by ffprobe's name of the codec; nil before it was asked
}

// codecLine is a codec that can be decoded, in the output of ffprobe -codecs: " DEV.L. av1  AV1 (decoders: libdav1d av1 )".
var codecLine = regexp.MustCompile(`^ D\S{5} (\S+)(?:.*\(decoders: (\S+))?`)

func parseCodecs(text []byte) map[string]bool {
	known := map[string]bool{}
	for lines := bufio.NewScanner(bytes.NewReader(text)); lines.Scan(); {
		m := codecLine.FindStringSubmatch(lines.Text())
		if m == nil || m[1] == "=" {
			continue
		}
		decoder := m[1]
		if m[2] != "" {
			decoder = m[2] // the first is the one that ffmpeg takes
		}
		known[m[1]] = slices.Contains(decoders[:], decoder)
	}
	return known
}

// ask fills the list. When the program does not answer, every codec counts as known until it does.
func (l *codecList) ask(ctx context.Context, program string) map[string]bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.known == nil {
		text, err := run(ctx, child{program: program, args: []string{"-v", "quiet", "-codecs"}}, probeOutput)
		if known := parseCodecs(text); err == nil && len(known) > 0 {
			l.known = known
		}
	}
	return l.known
}

// markUndecodable marks the tracks that have no decoder, or none that may be used.
func (l *codecList) markUndecodable(ctx context.Context, program string, p *media.Probe) {
	known := l.ask(ctx, program)
	if known == nil {
		return
	}
	for n := range p.Video {
		p.Video[n].Undecodable = !known[p.Video[n].Codec]
	}
	for n := range p.Audio {
		p.Audio[n].Undecodable = !known[p.Audio[n].Codec]
	}
}
