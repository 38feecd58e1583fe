package app

import (
	"context"
	"fmt"
	"strings"
	"time"

	"movify/pkg/api"
	"movify/transcoder/ffmpeg"
)

// runHardware tries the hardware encoders once, beside everything else: software makes what is asked for meanwhile. Then it waits
// for ctx.
func (s *server) runHardware(ctx context.Context) error {
	s.tools.tryHardware(ctx)
	s.hardwareTried.Store(true)
	<-ctx.Done()
	return ctx.Err()
}

// tryHardware tries the hardware encoders unless the configuration says off, and logs how it went. Nothing depends on them.
func (t *Tools) tryHardware(ctx context.Context) {
	if t.hardware.Setting() == ffmpeg.Off {
		return
	}
	if err := t.hardware.Try(ctx); err != nil {
		if ctx.Err() == nil {
			t.logger.Warn("the hardware encoders could not be tried", "error", err)
		}
		return
	}
	for _, r := range t.hardware.Results() {
		t.logger.Info("tried a hardware encoder", "family", r.Family, "device", r.Device, "outcome", r.Outcome,
			"words", r.Words, "detail", r.Detail, "used", r.Used)
	}
}

// describeHardware tells the admin page how the trials ended and how the hardware encoder has done since.
func (s *server) describeHardware() api.Hardware {
	out := api.Hardware{Setting: s.tools.hardware.Setting(), State: api.HardwareNone}
	for _, r := range s.tools.hardware.Results() {
		out.Trials = append(out.Trials, api.HardwareTrial{
			Family: string(r.Family), Device: r.Device, Outcome: string(r.Outcome), Words: r.Words, Group: r.Group,
			Detail: r.Detail,
			Speed:  r.Times, SoftwareSpeed: r.Software, Used: r.Used,
		})
	}
	trouble := s.transcoder.HardwareTrouble()
	out.Failures, out.LastFailure = trouble.Failures, trouble.Last
	switch {
	case out.Setting == ffmpeg.Off:
		out.State = api.HardwareOff
	case !s.hardwareTried.Load():
		out.State = api.HardwareTrying
	case s.tools.hardware.Ready() && trouble.Until.After(time.Now()):
		out.State = api.HardwarePaused
	case s.tools.hardware.Ready():
		out.State = api.HardwareUsed
	}
	return out
}

// examineHardware tries the hardware encoders, also those that the configuration does not use.
func (t *Tools) examineHardware(ctx context.Context) Finding {
	const name = "hardware encoding"
	if err := t.hardware.Try(ctx); err != nil {
		return Finding{name, Warn, "The encoders could not be tried."}
	}
	return hardwareFinding(t.hardware.Setting(), t.hardware.Results())
}

// hardwareFinding puts trials into words. It warns only where the owner wants hardware and gets none.
func hardwareFinding(setting string, results []ffmpeg.Tried) Finding {
	out := Finding{Name: "hardware encoding", Verdict: Fine}
	used, works := false, false
	var words []string
	for _, r := range results {
		if r.Outcome == ffmpeg.NoDevice && r.Device == "" && setting != string(r.Family) || r.Outcome == ffmpeg.OtherSystem {
			continue // not worth a line for each family that there is
		}
		used, works = used || r.Used, works || r.Outcome == ffmpeg.Works || r.Outcome == ffmpeg.Slower
		words = append(words, trialWords(r))
	}
	switch {
	case setting == ffmpeg.Off && works:
		words = append([]string{"off (transcode.hardware), though there is an encoder that passes the trial."}, words...)
	case setting == ffmpeg.Off:
		words = append([]string{"off (transcode.hardware)."}, words...)
	case used:
		words = append([]string{"used."}, words...)
	case setting != ffmpeg.Auto:
		out.Verdict = Warn
		words = append([]string{setting + " does not work here, software makes everything."}, words...)
	default:
		words = append([]string{"none, software makes everything."}, words...)
	}
	out.Words = strings.Join(words, " ")
	return out
}

// trialWords is a trial in a sentence: "vaapi on /dev/dri/renderD128: No driver opens the device. ffmpeg: …"
func trialWords(r ffmpeg.Tried) string {
	out := string(r.Family)
	if r.Device != "" {
		out += " on " + r.Device
	}
	switch r.Outcome {
	case ffmpeg.Works:
		out += " passes the trial"
	case ffmpeg.Slower:
		out += " passes the trial, but is slower than software"
	}
	out += ": " + r.Words
	if r.Detail != "" {
		out += fmt.Sprintf(" (%s)", r.Detail)
	}
	return out
}
