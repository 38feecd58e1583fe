// Package way chooses the stream that a playback begins with: the Original stream of the file, or the ladder. It owns the order
// of the reasons, their codes and their words, and the rule by which a device plays a codec. Its functions are pure: they
// read no clock, no disk and no store. It never decides who may watch.
package way
