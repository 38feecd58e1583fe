package transcoder

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"

	"movify/pkg/blob"
	"movify/pkg/id"
	"movify/pkg/media"
	"movify/pkg/mp4"
)

// errDamagedPack says that a packed rendition does not have the size of its segment index, so that it cannot be served.
var errDamagedPack = errors.New("the packed rendition does not match its index")

// maxInit is more bytes than any Init Section of ours has.
const maxInit = 16 << 10

// makeHead writes the head of a packed rendition: the Init Section and the segment index of segments of those sizes.
func makeHead(in []byte, g media.Grid, k media.Kind, sizes []int64) ([]byte, media.Packing, error) {
	x := mp4.Index{Timescale: uint32(timescale(g, k))}
	for n, size := range sizes {
		if size > mp4.MaxReferenceSize {
			return nil, media.Packing{}, fmt.Errorf("segment %d of %d bytes is too large to be packed", n, size)
		}
		ticks := bound(g, k, n+1) - bound(g, k, n)
		x.References = append(x.References, mp4.Reference{Size: uint32(size), Duration: uint32(ticks)})
	}
	index, err := mp4.WriteIndex(x)
	if err != nil {
		return nil, media.Packing{}, err
	}
	return append(bytes.Clone(in), index...), packing(int64(len(in)), int64(len(index)), x), nil
}

// parseHead parses the head that data begins with; segments is how many the grid has.
func parseHead(data []byte, segments int) (media.Packing, error) {
	r := bytes.NewReader(data)
	for _, want := range [...]string{"ftyp", "moov"} {
		b, err := mp4.ReadBox(r, int64(len(data)))
		if err != nil {
			return media.Packing{}, fmt.Errorf("%w: %w", errDamagedPack, err)
		}
		if b.Type != want {
			return media.Packing{}, fmt.Errorf("%w: %q where a %s should be", errDamagedPack, b.Type, want)
		}
	}
	in := r.Size() - int64(r.Len())
	b, err := mp4.ReadBox(r, int64(len(data)))
	if err != nil {
		return media.Packing{}, fmt.Errorf("%w: %w", errDamagedPack, err)
	}
	x, err := mp4.ParseIndex(b)
	if err != nil {
		return media.Packing{}, fmt.Errorf("%w: %w", errDamagedPack, err)
	}
	if len(x.References) != segments {
		return media.Packing{}, fmt.Errorf(
			"%w: it holds %d segments, the grid has %d", errDamagedPack, len(x.References), segments,
		)
	}
	return packing(in, int64(len(b.Raw)), x), nil
}

func packing(in, index int64, x mp4.Index) media.Packing {
	p := media.Packing{Init: in, Index: index, Offsets: []int64{in + index}}
	for n, r := range x.References {
		p.Offsets = append(p.Offsets, p.Offsets[n]+int64(r.Size))
	}
	return p
}

// packedHead reads the head of a packed rendition in Blobs, and compares it with the blob's size. It is
// blob.ErrNotFound when none is packed and errDamagedPack when the blob cannot be used.
func packedHead(ctx context.Context, blobs blob.Store, a media.Asset, r id.Rendition) ([]byte, media.Packing, error) {
	key := a.PackedKey(r)
	info, err := blobs.Stat(ctx, key)
	if err != nil {
		return nil, media.Packing{}, err
	}
	o, err := blobs.OpenRange(ctx, key, 0, min(info.Size, maxInit+mp4.IndexSize(a.Grid.Segments())))
	if err != nil {
		return nil, media.Packing{}, err
	}
	defer o.Body.Close()
	data, err := io.ReadAll(o.Body)
	if err != nil {
		return nil, media.Packing{}, fmt.Errorf("read the head of %s: %w", key, err)
	}
	p, err := parseHead(data, a.Grid.Segments())
	if err != nil {
		return nil, media.Packing{}, err
	}
	if end := p.Offsets[p.Segments()]; end != info.Size {
		return nil, media.Packing{}, fmt.Errorf("%w: it ends at %d, the blob at %d", errDamagedPack, end, info.Size)
	}
	return data[:p.Head()], p, nil
}
