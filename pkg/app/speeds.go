package app

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"runtime"

	"movify/pkg/perm"
	"movify/transcoder"
)

// savedSpeeds is a measurement for one version of ffmpeg and one number of cores.
type savedSpeeds struct {
	FFmpeg string             `json:"ffmpeg"`
	Cores  int                `json:"cores"`
	Speeds []transcoder.Speed `json:"speeds"`
}

// measure measures how fast this machine encodes. The result is stored in the data folder and used until the version of
// ffmpeg or the number of cores changes.
func (s *server) measure(ctx context.Context) error {
	if err := s.tools.present(ctx); err != nil {
		return err
	}
	version, err := s.tools.encoder.Version(ctx)
	if err != nil {
		return err
	}
	s.version = version
	path := s.path(speedsName)
	var known savedSpeeds
	if text, err := os.ReadFile(path); err == nil {
		// An unreadable file is replaced by a new measurement.
		readable := json.Unmarshal(text, &known) == nil && len(known.Speeds) > 0
		if readable && known.FFmpeg == version && known.Cores == runtime.NumCPU() {
			s.speeds = known.Speeds
			return nil
		}
	}
	s.logger.Info("measuring how fast this machine encodes; this happens once")
	if s.speeds, err = s.tools.encoder.Calibrate(ctx); err != nil {
		return fmt.Errorf("measure this machine: %w", err)
	}
	text, err := json.MarshalIndent(savedSpeeds{version, runtime.NumCPU(), s.speeds}, "", "  ")
	if err != nil {
		return fmt.Errorf("write down the measurement: %w", err)
	}
	if err := os.WriteFile(path, append(text, '\n'), perm.OwnFile); err != nil {
		return fmt.Errorf("write down the measurement: %w", err)
	}
	return nil
}
