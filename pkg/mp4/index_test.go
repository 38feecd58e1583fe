package mp4_test

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"movify/pkg/mp4"
	"movify/pkg/mp4/mp4test"
)

func sidx(t testing.TB, x mp4.Index) []byte {
	t.Helper()
	out, err := mp4.WriteIndex(x)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func readIndex(data []byte) (mp4.Index, error) {
	b, err := mp4.ReadBox(bytes.NewReader(data), 1<<24)
	if err != nil {
		return mp4.Index{}, err
	}
	return mp4.ParseIndex(b)
}

func TestIndexByHand(t *testing.T) {
	t.Parallel()
	got := hex.EncodeToString(
		sidx(
			t,
			mp4.Index{
				Timescale:  24000,
				References: []mp4.Reference{{Size: 0x1234, Duration: 96096}, {Size: 7, Duration: 1001}},
			},
		),
	)
	const want = "00000040" + "73696478" + // 64 bytes, "sidx"
		"01000000" + "00000001" + // version 1, track 1
		"00005dc0" + // 24000 ticks per second
		"0000000000000000" + "0000000000000000" + // begins at zero, with the next byte
		"00000002" + // two references
		"00001234" + "00017760" + "90000000" +
		"00000007" + "000003e9" + "90000000"
	if got != want {
		t.Errorf("the box is\n%s, want\n%s", got, want)
	}
}

func TestIndexGoesRound(t *testing.T) {
	t.Parallel()
	for _, count := range []int{1, 2, 1800, mp4.MaxReferences} {
		x := mp4.Index{Timescale: 48000}
		for n := range count {
			x.References = append(x.References, mp4.Reference{Size: uint32(n + 1), Duration: uint32(n)})
		}
		x.References[0].Size = mp4.MaxReferenceSize
		data := sidx(t, x)
		if int64(len(data)) != mp4.IndexSize(count) {
			t.Errorf("%d segments take %d bytes, IndexSize says %d", count, len(data), mp4.IndexSize(count))
		}
		got, err := readIndex(data)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(x, got); diff != "" {
			t.Error(diff)
		}
	}
}

func TestIndexOfTheOlderVersion(t *testing.T) {
	t.Parallel()
	data := mp4test.Box("sidx", mp4test.Words(0, 1, 1000, 0, 0, 1, 99, 4000, 0x90000000))
	got, err := readIndex(data)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(mp4.Index{Timescale: 1000, References: []mp4.Reference{{Size: 99, Duration: 4000}}}, got); diff != "" {
		t.Error(diff)
	}
}

func TestIndexThatTheBoxCannotHold(t *testing.T) {
	t.Parallel()
	for name, refs := range map[string][]mp4.Reference{
		"none":     nil,
		"too many": slices.Repeat([]mp4.Reference{{Size: 1}}, mp4.MaxReferences+1),
		"empty":    {{Size: 1}, {}},
		"too long": {{Size: mp4.MaxReferenceSize + 1}},
	} {
		if _, err := mp4.WriteIndex(mp4.Index{Timescale: 1, References: refs}); err == nil {
			t.Errorf("%s: written", name)
		}
	}
}

func TestMalformedIndex(t *testing.T) {
	t.Parallel()
	good := sidx(
		t, mp4.Index{Timescale: 1000, References: []mp4.Reference{{Size: 5, Duration: 1}, {Size: 6, Duration: 1}}},
	)
	change := func(at int, value uint32) []byte {
		out := bytes.Clone(good)
		binary.BigEndian.PutUint32(out[at:], value)
		return out
	}
	for name, data := range map[string][]byte{
		"version 2":           change(8, 2<<24),
		"no timescale":        change(16, 0),
		"begins later":        change(24, 1),
		"after a gap":         change(32, 1),
		"one more than there": change(36, 3),
		"one fewer":           change(36, 1),
		"none":                change(36, 0),
		"an index of indexes": change(40, 1<<31|5),
		"an empty segment":    change(40, 0),
		"cut in its head":     mp4test.Box("sidx", good[8:30]),
		"another box":         mp4test.Box("free", good[8:]),
	} {
		if got, err := readIndex(data); !errors.Is(err, mp4.ErrMalformed) {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
}

// FuzzIndex reads hostile bytes: nothing panics, and an index that is read can be written again and reads the same.
func FuzzIndex(f *testing.F) {
	f.Add(
		sidx(
			f, mp4.Index{Timescale: 24000, References: []mp4.Reference{{Size: 5, Duration: 1}, {Size: 6, Duration: 1}}},
		),
	)
	f.Add(mp4test.Box("sidx", mp4test.Words(0, 1, 1000, 0, 0, 1, 99, 4000, 0x90000000)))
	f.Add(mp4test.Box("sidx", mp4test.Words(0, 1, 1000, 0, 0, 0xffff)))
	f.Fuzz(func(t *testing.T, data []byte) {
		x, err := readIndex(data)
		if err != nil {
			return
		}
		again, err := readIndex(sidx(t, x))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(x, again); diff != "" {
			t.Error(diff)
		}
	})
}
