package original_test

import (
	"bytes"
	"encoding/binary"
	"io"
	"math"
	"runtime"
	"sync/atomic"
	"testing"

	"movify/pkg/matroska/matroskatest"
	"movify/transcoder/original"
)

// A film of two hours and 8 Mb/s: what is kept and read when it is opened, and for a segment.
func TestALongMatroskaFilmCostsLittle(t *testing.T) {
	for name, c := range map[string]struct {
		codec        string
		key          byte // first byte of the NAL unit of a key frame
		leading      bool
		reads, bytes int64 // when it is opened
		segments     int
	}{
		"H.264":         {"V_MPEG4/ISO/AVC", 0x65, false, 1200, 6 << 20, 1700},
		"HEVC":          {"V_MPEGH/ISO/HEVC", 19 << 1, false, 1200, 6 << 20, 1700},
		"HEVC, all CRA": {"V_MPEGH/ISO/HEVC", 21 << 1, true, 4_500, 32 << 20, 850},
		"H.264, no IDR": {"V_MPEG4/ISO/AVC", 0x41, true, 0, 0, 0},
	} {
		f := newLongFilm(c.codec, c.key, c.leading)
		before := heapInUse()
		s, err := original.Open(f, f.size())
		if c.reads == 0 {
			if t.Logf("%s: %v after %d reads of %d bytes", name, err, f.reads.Load(), f.read.Load()); err == nil || f.reads.Load() > 1200 {
				t.Errorf("%s: %v after %d reads", name, err, f.reads.Load())
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		kept := heapInUse() - before
		m := s.Media()
		t.Logf("%s: %d segments; opened by %d reads of %d bytes, keeps %d", name, m.Picture.Segments(), f.reads.Load(), f.read.Load(), kept)
		if f.reads.Load() > c.reads || f.read.Load() > c.bytes || kept > 600<<10 || m.Picture.Segments() < c.segments {
			t.Errorf("%s costs much: %d segments", name, m.Picture.Segments())
		}
		for _, one := range m.Copies() {
			f.reads.Store(0)
			f.read.Store(0)
			b, err := s.Segment(one.ID, 400)
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			t.Logf("%s: a segment of %s of %d bytes by %d reads of %d", name, one.ID, b.Size, f.reads.Load(), f.read.Load())
			if f.reads.Load() > 1000 || f.read.Load() > 5<<20 {
				t.Errorf("%s: a segment of %s costs much", name, one.ID)
			}
		}
		runtime.KeepAlive(s)
	}
}

func heapInUse() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// longFilm is a Matroska file of two hours whose Clusters, of two seconds each, differ in nothing but their times.
type longFilm struct {
	head, tail, cluster []byte
	first               []byte // the first Cluster: a film begins with a picture that needs no others
	reads, read         atomic.Int64
}

const (
	longClusters = 3600
	longMS       = 2000
	longPictures = 50
	longSize     = 40_000
)

func newLongFilm(codec string, key byte, leading bool) *longFilm {
	number, element := matroskatest.Number, matroskatest.Element
	private := []byte{1, 0x64, 0, 0x1f, 0xff, 0xe1, 0, 1, 0x67, 1, 0, 1, 0x68}
	other := byte(0x41)
	if codec == "V_MPEGH/ISO/HEVC" {
		other = 1 << 1
		private = append(make([]byte, 22), 3)
		private[0], private[21] = 1, 3
		for _, kind := range []byte{32, 33, 34} {
			private = append(private, kind, 0, 1, 0, 2, kind<<1, 1)
		}
	}
	entry := byte(0x65)
	if other == 1<<1 {
		entry = 19 << 1
	}
	f := &longFilm{cluster: longCluster(key, other, leading), first: longCluster(entry, other, false)}
	rate := binary.BigEndian.AppendUint32(nil, math.Float32bits(48_000))
	body := append(element(idInfo, number(idScale, 1_000_000)), element(idTracks,
		element(idEntry, number(idNumber, 1), number(idType, 1), matroskatest.Text(idCodec, codec), element(idPrivate, private),
			number(idFrameNS, longMS*1_000_000/longPictures), element(idVideo, number(idWidth, 1920), number(idHeight, 1080))),
		element(idEntry, number(idNumber, 2), number(idType, 2), matroskatest.Text(idCodec, "A_OPUS"),
			element(idPrivate, []byte("OpusHead\x01\x02\x00\x00\x80\xbb\x00\x00\x00\x00\x00")),
			element(idAudio, element(idRate, rate), number(idChannels, 2))))...)
	var cues []byte
	for n := range longClusters {
		cues = append(cues, element(0xBB, number(0xB3, uint64(n*longMS)), element(0xB7, number(0xF7, 1),
			number(0xF1, uint64(len(body)+n*len(f.cluster))), number(0xF0, 0x11)))...)
	}
	f.tail = element(idCues, cues)
	whole := matroskatest.File(body)
	at := bytes.LastIndex(whole, body) - 8
	binary.BigEndian.PutUint64(whole[at:], uint64(len(body)+longClusters*len(f.cluster)+len(f.tail))|1<<56)
	f.head = whole
	return f
}

func longCluster(key, other byte, leading bool) []byte {
	out := matroskatest.Number(idTime, 0)
	for n := range longPictures {
		nal, flags, at := other, byte(0), n*longMS/longPictures
		switch {
		case n == 0:
			nal, flags = key, 0x80
		case leading && n < 3: // shown between the last pictures of the Cluster before
			at = 1 - 10*n
		}
		frame := binary.BigEndian.AppendUint32(nil, longSize-4)
		frame = append(append(frame, nal, 1), make([]byte, longSize-6)...)
		out = append(out, matroskatest.Element(idBlock, matroskatest.BlockData(1, int16(at), flags, frame))...)
		for k := n * longMS / longPictures / 20; k < (n+1)*longMS/longPictures/20; k++ {
			out = append(out, matroskatest.Element(idBlock, matroskatest.BlockData(2, int16(k*20), 0x80, make([]byte, 480)))...)
		}
	}
	return matroskatest.Element(idCluster, out)
}

func (f *longFilm) size() int64 {
	return int64(len(f.head)+len(f.tail)) + longClusters*int64(len(f.cluster))
}

func (f *longFilm) ReadAt(b []byte, off int64) (n int, err error) {
	f.reads.Add(1)
	f.read.Add(int64(len(b)))
	for n < len(b) {
		at := off + int64(n) - int64(len(f.head))
		k := at / int64(len(f.cluster))
		switch {
		case at < 0:
			n += copy(b[n:], f.head[off+int64(n):])
		case k >= longClusters:
			rest := at - longClusters*int64(len(f.cluster))
			if rest >= int64(len(f.tail)) {
				return n, io.EOF
			}
			n += copy(b[n:], f.tail[rest:])
		default:
			n += f.copyCluster(b[n:], k, at%int64(len(f.cluster)))
		}
	}
	return n, nil
}

// copyCluster copies from Cluster k, whose time is at a fixed place.
func (f *longFilm) copyCluster(b []byte, k, from int64) int {
	const place = 4 + 8 + 1 + 8
	data := f.cluster
	if k == 0 {
		data = f.first
	}
	n := copy(b, data[from:])
	time := binary.BigEndian.AppendUint64(nil, uint64(k*longMS))
	for i, c := range time {
		if at := place + int64(i) - from; at >= 0 && at < int64(n) {
			b[at] = c
		}
	}
	return n
}
