package media

// LadderSetting says when the ladders of the files in a library folder are made, beside the segments that viewers ask
// for. "" stands for the default of the configuration.
type LadderSetting string

// The settings, from the least work in the background to the most.
const (
	// LadderNever makes nothing in the background.
	LadderNever LadderSetting = "never"
	// LadderWhenWatched makes the beginning of each file's start rung, and the whole ladder of a file that a viewer has
	// needed it for or an administrator has asked for.
	LadderWhenWatched LadderSetting = "when_watched"
	// LadderAlways makes the whole ladder of every file.
	LadderAlways LadderSetting = "always"
)

// LadderSettings lists the settings, from the least work to the most.
var LadderSettings = [...]LadderSetting{LadderNever, LadderWhenWatched, LadderAlways}

// Known reports whether it is one of LadderSettings; "" is not.
func (s LadderSetting) Known() bool { return s.rank() > 0 }

// Or returns the setting, or otherwise where it is "".
func (s LadderSetting) Or(otherwise LadderSetting) LadderSetting {
	if s == "" {
		return otherwise
	}
	return s
}

// Most returns the setting that asks for more work of two: a file that lies in two folders has one ladder. "" asks for
// less than each other.
func (s LadderSetting) Most(t LadderSetting) LadderSetting {
	if t.rank() > s.rank() {
		return t
	}
	return s
}

// rank is the place in LadderSettings, from 1 on; 0 = unknown.
func (s LadderSetting) rank() int {
	for i, x := range LadderSettings {
		if x == s {
			return i + 1
		}
	}
	return 0
}
