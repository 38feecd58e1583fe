package ffmpeg

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"

	"movify/transcoder"
)

// Outcome says how the trial of a hardware encoder ended.
type Outcome string

// The outcomes.
const (
	Works        Outcome = "works"         // right in every check, and at least as fast as software
	Slower       Outcome = "slower"        // right, but slower than software
	NotInFFmpeg  Outcome = "not_in_ffmpeg" // this ffmpeg was built without it
	OtherSystem  Outcome = "other_system"
	NoDevice     Outcome = "no_device"
	NoPermission Outcome = "no_permission"
	NoDriver     Outcome = "no_driver"
	OldDriver    Outcome = "old_driver"
	NoCodec      Outcome = "no_codec" // the device has no encoder of H.264 High
	Busy         Outcome = "busy"
	OffGrid      Outcome = "off_grid"     // key frames or times are not where they were ordered
	WrongHeaders Outcome = "headers"      // software could not go on with what it begins
	WrongPicture Outcome = "picture"      // what it made does not decode to the source
	TooLarge     Outcome = "too_large"    // it exceeds the bit rate that it was given
	TooLate      Outcome = "too_late"     // it did not end in time
	Failed       Outcome = "failed"       // for a reason that is not known here
	NotCompared  Outcome = "not_compared" // the trial itself broke
)

// reasons recognise what ffmpeg and the drivers print. The first that matches counts.
var reasons = [...]struct {
	words   *regexp.Regexp
	outcome Outcome
}{
	{regexp.MustCompile(`(?i)permission denied`), NoPermission},
	{regexp.MustCompile(`Unknown encoder`), NotInFFmpeg},
	{regexp.MustCompile(`OpenEncodeSessionEx failed: (out of memory|incompatible client key)|CreateInputBuffer failed: out of memory`), Busy},
	{regexp.MustCompile(`Cannot load (libcuda|libnvidia-encode|nvcuda|nvEncodeAPI)`), NoDriver},
	{regexp.MustCompile(`does not support the required nvenc API version|minimum required Nvidia driver`), OldDriver},
	{regexp.MustCompile(`[Nn]o (NVENC )?capable devices found`), NoCodec},
	{regexp.MustCompile(`No usable encoding (entrypoint|profile)|Encoding entrypoint not found|profile .*is not supported|Selected ratecontrol mode is unsupported|does not support .*(encod|codec)`), NoCodec},
	{regexp.MustCompile(`Could not find a valid device|can't configure encoder`), NoCodec},
	{regexp.MustCompile(`No VA display found|Failed to initialise VAAPI connection|MFX session|MFX implementation|Failed to (create|init\w*) (MPP|mpp)|mpp_(create|init)|cannot open the drm device|Device creation failed`), NoDriver},
}

// explain names the outcome of a trial that ended with an error.
func explain(err error) (Outcome, string) {
	var exit *exitError
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		return TooLate, ""
	case errors.Is(err, transcoder.ErrHeaders):
		return WrongHeaders, err.Error()
	case errors.Is(err, transcoder.ErrOffGrid):
		return OffGrid, err.Error()
	case errors.As(err, &exit):
		return explainWords(exit.words), firstWords(exit.words)
	}
	return Failed, err.Error()
}

func explainWords(words string) Outcome {
	for _, r := range reasons {
		if r.words.MatchString(words) {
			return r.outcome
		}
	}
	return Failed
}

// address is the place in memory that ffmpeg prints behind the name of a component.
var address = regexp.MustCompile(` @ 0x[0-9a-f]+`)

// firstWords is the first line of an error, which is the nearest to its cause.
func firstWords(words string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(words), "\n")
	return address.ReplaceAllString(line, "")
}

// words are the reason of an outcome in a sentence or two, for the owner of the machine.
func (t Tried) words() string {
	switch t.Outcome {
	case Works, Slower:
		return fmt.Sprintf("%.1f times real time; software makes %.1f.", t.Times, t.Software)
	case NotInFFmpeg:
		return fmt.Sprintf("This ffmpeg was built without %s.", t.Family.encoder())
	case OtherSystem:
		return "It is part of macOS."
	case NoDevice:
		if t.Device != "" {
			return fmt.Sprintf("There is no %s that it could use.", t.Device)
		}
		return fmt.Sprintf("There is no device /dev/%s.", strings.Join(t.Family.patterns(), " or /dev/"))
	case NoPermission:
		return t.groupWords()
	case NoDriver:
		return t.driverWords()
	case OldDriver:
		return "The driver is older than this ffmpeg needs."
	case NoCodec:
		return "The device, or its driver, has no encoder for H.264 High."
	case Busy:
		return "The device takes no more encoders: another program uses it, or its driver limits their number."
	case OffGrid:
		return "It did not put key frames and pictures where it was told to."
	case WrongHeaders:
		return "Its headers do not leave room for software, which could not go on where it breaks."
	case WrongPicture:
		return "The pictures that it made are not those of the test film."
	case TooLarge:
		return "It made more than the bit rate that it was given."
	case TooLate:
		return "It was not done in time."
	case NotCompared:
		return "The trial could not be judged."
	}
	return "It broke."
}

func (t Tried) groupWords() string {
	where := t.Device
	if where == "" {
		where = "Its device"
	}
	switch {
	case t.group.name != "":
		return fmt.Sprintf("This user may not open %s, which belongs to the group %s. As root: usermod -aG %s USER, then "+
			"start the server again.", where, t.group.name, t.group.name)
	case t.group.id != 0:
		return fmt.Sprintf("This user may not open %s, which belongs to the group number %d. Start the container with "+
			"--group-add %d.", where, t.group.id, t.group.id)
	}
	return fmt.Sprintf("This user may not open %s.", where)
}

func (t Tried) driverWords() string {
	switch t.Family {
	case NVENC:
		return "ffmpeg does not find the driver's libraries (libcuda, libnvidia-encode). In a container: the NVIDIA " +
			"runtime, with the capability video."
	case VAAPI:
		return "No driver opens the device. Debian has them in intel-media-va-driver and mesa-va-drivers; vainfo shows more."
	case QSV:
		return "Intel's runtime is not there. Debian has it in libmfx-gen1.2, or libmfx1 for older devices."
	}
	return "No driver opens the device."
}
