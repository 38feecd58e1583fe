package store

import (
	"context"
	"encoding/json"
	"fmt"

	"movify/pkg/id"
	"movify/pkg/media"
)

// Probed is a present file with its probe.
type Probed struct {
	File  id.File
	Probe media.Probe
}

const selectProbes statement = `
SELECT f.id, f.probe FROM files f WHERE f.state = 'present' AND f.probe <> '' AND f.id > ? ORDER BY f.id LIMIT ?`

type probeRow struct {
	ID    id.File `db:"id"`
	Probe string  `db:"probe"`
}

// Probes lists up to limit present files that were probed, in the order of their IDs behind after; "" = from the first.
func (l *Library) Probes(ctx context.Context, after id.File, limit int) ([]Probed, error) {
	var rows []probeRow
	if err := l.db.read.SelectContext(ctx, &rows, string(selectProbes), after, limit); err != nil {
		return nil, fmt.Errorf("read probes: %w", err)
	}
	return convert(rows, func(r probeRow) (Probed, error) {
		out := Probed{File: r.ID}
		if err := json.Unmarshal([]byte(r.Probe), &out.Probe); err != nil {
			return out, fmt.Errorf("read the probe of file %s: %w", r.ID, err)
		}
		return out, nil
	})
}
