package app

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"runtime"

	"movify/transcoder"
)

// measured is what this machine can do, as it was found out for one ffmpeg on so many cores.
type measured struct {
	FFmpeg string             `json:"ffmpeg"`
	Cores  int                `json:"cores"`
	Speeds []transcoder.Speed `json:"speeds"`
}

// measure finds out how fast this machine encodes, once: the result is kept in the data folder until ffmpeg or the number
// of cores is another.
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
	var known measured
	if text, err := os.ReadFile(path); err == nil {
		// What cannot be read is measured again.
		if json.Unmarshal(text, &known) == nil && known.FFmpeg == version && known.Cores == runtime.NumCPU() && len(known.Speeds) > 0 {
			s.speeds = known.Speeds
			return nil
		}
	}
	s.logger.Info("measuring how fast this machine encodes; this happens once")
	if s.speeds, err = s.tools.encoder.Calibrate(ctx); err != nil {
		return fmt.Errorf("measure this machine: %w", err)
	}
	text, err := json.MarshalIndent(measured{version, runtime.NumCPU(), s.speeds}, "", "  ")
	if err != nil {
		return fmt.Errorf("write down the measurement: %w", err)
	}
	if err := os.WriteFile(path, append(text, '\n'), 0o600); err != nil {
		return fmt.Errorf("write down the measurement: %w", err)
	}
	return nil
}
