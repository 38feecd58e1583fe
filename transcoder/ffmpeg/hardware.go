package ffmpeg

import (
	"strconv"
	"strings"

	ffgo "github.com/u2takey/ffmpeg-go"

	"movify/pkg/media"
	"movify/transcoder"
)

// Family is a programming interface to hardware encoders, by the name that the configuration has for it.
type Family string

// The families that ffmpeg has encoders for.
const (
	NVENC        Family = "nvenc"        // NVIDIA
	QSV          Family = "qsv"          // Intel Quick Sync Video
	VAAPI        Family = "vaapi"        // Intel and AMD on Linux
	VideoToolbox Family = "videotoolbox" // Apple
	RKMPP        Family = "rkmpp"        // Rockchip
	V4L2M2M      Family = "v4l2m2m"      // Raspberry Pi and other boards
)

// families are tried in this order; of equally fast ones the first is used.
var families = [...]Family{NVENC, QSV, VAAPI, VideoToolbox, RKMPP, V4L2M2M}

// encoder is ffmpeg's name of the family's H.264 encoder.
func (f Family) encoder() string { return "h264_" + string(f) }

// candidate is an encoder of one device, with the way it is asked.
type candidate struct {
	family Family
	device string // the file of the device; "" where the driver finds it
	// lowPower asks for the fixed-function encoder, which recent Intel devices have alone (VAEntrypointEncSliceLP).
	lowPower bool
	// planes asks for pictures as three planes: drivers of V4L2 take one of both layouts.
	planes bool
}

// pixels is the layout of the pictures that the encoder is given.
func (c candidate) pixels() string {
	if c.planes {
		return "yuv420p"
	}
	return "nv12"
}

// globalArgs stand before the input. The device is opened once for all outputs.
func (c candidate) globalArgs() []string {
	switch c.family {
	case VAAPI:
		return []string{"-init_hw_device", "vaapi=hw:" + c.device, "-filter_hw_device", "hw"}
	case QSV:
		return []string{"-init_hw_device", "vaapi=va:" + c.device, "-init_hw_device", "qsv=hw@va", "-filter_hw_device", "hw"}
	}
	return nil
}

// given brings pictures in yuv420p to the encoder: laid out as it takes them, and in its memory where it reads no other.
func (c candidate) given(s *ffgo.Stream) *ffgo.Stream {
	s = s.Filter("format", ffgo.Args{c.pixels()})
	switch c.family {
	case VAAPI:
		return s.Filter("hwupload", nil)
	case QSV:
		return s.Filter("hwupload", nil, ffgo.KwArgs{"extra_hw_frames": "64"})
	}
	return s
}

// meanRate is the part of a rendition's cap that a hardware encoder aims at: they have no rate factor that means the same
// on two of them.
const meanRate = 0.75

// highProfile is the profile_idc of H.264 High (ITU-T H.264 section A.2.4).
const highProfile = 100

// hardwareArgs are the encoder and muxer arguments of one video rendition. There are no B-pictures: the order of decoding is that
// of showing, whatever the device's pyramid would be. A level is its number, which every encoder reads alike.
func hardwareArgs(o transcoder.Order, r media.Rendition, c candidate) ffgo.KwArgs {
	a := pictureArgs(o, r)
	a["c:v"] = c.family.encoder()
	a["b:v"] = strconv.Itoa(int(meanRate * float64(r.MaxRate)))
	a["level"] = strings.ReplaceAll(r.Level, ".", "")
	a["bf"] = "0"
	switch c.family {
	case NVENC:
		// Without forced-idr a forced key frame is an I picture that later ones may refer past.
		a["preset"], a["rc"], a["forced-idr"], a["no-scenecut"] = "p4", "vbr", "1", "1"
		if number, ok := strings.CutPrefix(c.device, nvidiaDevice); ok {
			a["gpu"] = number
		}
	case QSV:
		a["preset"], a["forced_idr"], a["idr_interval"], a["look_ahead"] = "medium", "1", "0", "0"
	case VAAPI:
		a["rc_mode"], a["idr_interval"], a["sei"] = "VBR", "0", "0"
		if c.lowPower {
			a["low_power"] = "1"
		}
	case VideoToolbox:
		a["allow_sw"], a["realtime"] = "0", "0"
	case RKMPP:
		a["rc_mode"] = "VBR"
	case V4L2M2M:
		a["profile:v"] = strconv.Itoa(highProfile) // it has no names for profiles
		a["num_output_buffers"], a["num_capture_buffers"] = "16", "16"
	}
	// Some drivers give their parameter sets with the first picture only.
	a["movflags"] = a["movflags"].(string) + "+delay_moov"
	return a
}
