package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
)

// ladder compares `movify transcode` with one ffmpeg command that makes the same ladder.
func ladder(ctx context.Context, o options) error {
	source, err := film(ctx, o)
	if err != nil {
		return err
	}
	wall := &pair{name: "wall time of the ladder", unit: "s", limit: 1.08}
	cpu := &pair{name: "CPU time of the ladder", unit: "s", limit: 1.08}
	var ours, theirs []cost
	err = inTurns(o.reps, func(int) error {
		c, err := ourLadder(ctx, o, source)
		ours = append(ours, c)
		return err
	}, func(int) error {
		c, err := theirLadder(ctx, o, source)
		theirs = append(theirs, c)
		return err
	})
	if err != nil {
		return err
	}
	for rep := range o.reps {
		wall.add(ours[rep].wall.Seconds(), theirs[rep].wall.Seconds())
		cpu.add(ours[rep].cpu.Seconds(), theirs[rep].cpu.Seconds())
	}
	o.line("%d s of 1080p with AC-3 5.1 into %d video renditions and AAC stereo", filmSeconds, len(rungs()))
	return errors.Join(cpu.report(o, "ffmpeg"), wall.report(o, "ffmpeg"))
}

func ourLadder(ctx context.Context, o options, source string) (cost, error) {
	dir, remove, err := o.scratch("ladder-ours")
	if err != nil {
		return cost{}, err
	}
	defer remove()
	c, out, err := command(ctx, o.movify, "transcode", source, "--out", filepath.Join(dir, "asset"), "--json")
	if err != nil {
		return cost{}, err
	}
	var made struct {
		Frames     int
		Renditions []struct {
			Kind     string
			Segments int
		}
	}
	if err := json.Unmarshal(out, &made); err != nil {
		return cost{}, fmt.Errorf("read what movify made: %w", err)
	}
	if got, want := len(made.Renditions), len(rungs())+1; got != want || made.Frames < filmSeconds*23 {
		return cost{}, fmt.Errorf(
			"movify made %d renditions of %d frames, the baseline makes %d", got, made.Frames, want,
		)
	}
	return c, nil
}

func theirLadder(ctx context.Context, o options, source string) (cost, error) {
	dir, remove, err := o.scratch("ladder-theirs")
	if err != nil {
		return cost{}, err
	}
	defer remove()
	c, _, err := command(ctx, "ffmpeg", ladderCommand(source, dir)...)
	return c, err
}
