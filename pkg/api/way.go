package api

// StartPlayback asks for a playback.
type StartPlayback struct {
	TitleID string              `json:"titleId" maxLength:"64"`
	FileID  string              `json:"fileId,omitempty" maxLength:"64" doc:"One of the title's versions; absent = the version and part where this viewer stopped, otherwise the best."`
	StartMs *int64              `json:"startMs,omitempty" minimum:"0" doc:"In that file. Absent = where this viewer stopped."`
	Device  *DeviceCapabilities `json:"device,omitempty" doc:"What this device can do. Absent = the way is the ladder."`
	Quality string              `json:"quality,omitempty" enum:"auto,original,ladder" doc:"What the viewer chose; absent = auto."`
}

// DeviceCapabilities is what a device can do. It is told with each start: the server keeps it no longer than the playback.
type DeviceCapabilities struct {
	Codecs     []string `json:"codecs" maxItems:"100" doc:"CODECS strings (RFC 6381) that this device plays in fragmented MP4. A film is covered by a string of the same codec whose profile includes that of the film and whose level is at least as high."`
	Ranges     []string `json:"ranges" maxItems:"8" enum:"SDR,HLG,PQ" doc:"The VIDEO-RANGE (RFC 8216bis section 4.4.6.2) that the screen shows."`
	Width      int      `json:"width" minimum:"0" maximum:"65535" doc:"Of the screen, in device pixels; 0 = unknown."`
	Height     int      `json:"height" minimum:"0" maximum:"65535" doc:"Of the screen, in device pixels; 0 = unknown."`
	Engine     string   `json:"engine" enum:"mse,native" doc:"Media Source Extensions, or the browser's own HLS."`
	Turns      bool     `json:"turns,omitempty" doc:"It turns a picture by the matrix of its track header (ISO/IEC 14496-12 section 8.3.2). Absent = a film that is turned begins with the ladder."`
	CarriedBps int64    `json:"carriedBps,omitempty" minimum:"0" doc:"Throughput that the connection carried last time, bit/s; absent = unknown."`
	Failed     []string `json:"failed,omitempty" maxItems:"100" doc:"CODECS strings of Original streams whose decoding failed on this device."`
}

// Way is which of the two streams of a file a playback begins with, and why.
type Way struct {
	Kind    string            `json:"kind" enum:"original,ladder"`
	Code    string            `json:"code" doc:"Stable name of the reason: original_fits, ladder_codec, …"`
	Message string            `json:"message" doc:"The reason in words: original: H.264 High 4.1, 1080p, 8.2 Mb/s fits this device."`
	Params  map[string]string `json:"params,omitempty" doc:"The facts in the message, by name, for its translation: picture, rate, carried, limit, cause."`
}

// OriginalStream is the Original stream of a file: its own picture, and those of its sounds that the device plays.
type OriginalStream struct {
	Manifest   string `json:"manifest" doc:"Path of its Multivariant Playlist; it carries the token that manifest carries."`
	Name       string `json:"name" doc:"As a rung would be called: 1080p."`
	Width      int    `json:"width" doc:"Of the picture as it is shown, in pixels."`
	Height     int    `json:"height"`
	Codecs     string `json:"codecs" doc:"CODECS (RFC 6381) of the picture and its sounds, as in the playlist."`
	AverageBps int    `json:"averageBps" doc:"AVERAGE-BANDWIDTH of the playlist, bit/s."`
	PeakBps    int    `json:"peakBps" doc:"BANDWIDTH of the playlist, bit/s."`
}

// AskWays asks how the files of a title would be played on a device.
type AskWays struct {
	Device  *DeviceCapabilities `json:"device,omitempty" doc:"As in startSession."`
	Quality string              `json:"quality,omitempty" enum:"auto,original,ladder" doc:"As in startSession."`
}

// FileWay is how a file would be played.
type FileWay struct {
	FileID string `json:"fileId"`
	First  bool   `json:"first,omitempty" doc:"startSession without fileId plays this version."`
	Way    Way    `json:"way"`
	// EncodesSound is true for a picture that is played as it is with sound that the device does not play.
	EncodesSound bool `json:"encodesSound,omitempty" doc:"The picture is played as it is, and its sound is encoded for this device."`
}
