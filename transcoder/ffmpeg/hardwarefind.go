package ffmpeg

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io/fs"
	"os"
	"os/user"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"syscall"
)

// machine is where the system shows its devices.
type machine struct {
	dev, sys string // "/dev", "/sys"
	os       string // runtime.GOOS
}

func thisMachine() machine { return machine{dev: "/dev", sys: "/sys", os: runtime.GOOS} }

// nvidiaDevice is the file of a graphics processor of NVIDIA, without its number.
const nvidiaDevice = "/dev/nvidia"

// patterns are the files by which a family is there, in a machine's dev folder.
func (f Family) patterns() []string {
	switch f {
	case NVENC:
		return []string{"nvidia[0-9]*"}
	case QSV, VAAPI:
		return []string{"dri/renderD*"}
	case RKMPP:
		return []string{"mpp_service"}
	case V4L2M2M:
		return []string{"video[0-9]*"}
	}
	return nil
}

// beside are the other files in the dev folder that a family's driver opens for reading and writing.
func (f Family) beside() []string {
	switch f {
	case NVENC:
		return []string{"nvidiactl", "nvidia-uvm", "nvidia-uvm-tools", "nvidia-modeset", "nvidia-caps"}
	case RKMPP:
		return []string{"rga", "dma_heap", "dri/renderD*"}
	case V4L2M2M:
		return []string{"media[0-9]*"}
	}
	return nil
}

// devices lists the files of a family, in order. VideoToolbox has none: the system is asked.
func (m machine) devices(f Family) []string { return m.glob(f.patterns()) }

func (m machine) glob(patterns []string) []string {
	var out []string
	for _, p := range patterns {
		found, _ := filepath.Glob(filepath.Join(m.dev, p)) // the patterns are well formed
		out = append(out, found...)
	}
	return out
}

// opened are the files that a run with a candidate may read and write.
func (m machine) opened(c candidate) []string {
	out := m.glob(c.family.beside())
	if c.device != "" {
		return append(out, c.device)
	}
	return append(out, m.devices(c.family)...)
}

// intel is the PCI vendor of the devices that have Quick Sync Video.
const intel = "0x8086"

// foreign reports whether a device is of a maker whose driver cannot be the family's.
func (m machine) foreign(f Family, device string) bool {
	vendor, err := os.ReadFile(filepath.Join(m.sys, "class/drm", filepath.Base(device), "device/vendor"))
	return f == QSV && err == nil && strings.TrimSpace(string(vendor)) != intel
}

// candidates lists the encoders that can be tried, and the families of which it is known without a trial why they cannot. Of the
// latter are all that ffmpeg has or the owner named, and those whose device is there.
func (m machine) candidates(encoders map[string]bool, setting, device string) (try []candidate, known []Tried) {
	for _, f := range families {
		named := setting == string(f)
		found := m.chosen(f, device, named)
		found = slices.DeleteFunc(found, func(path string) bool { return m.foreign(f, path) })
		system := f == VideoToolbox && m.os == "darwin"
		present := len(found) > 0 || system
		switch {
		case setting != Auto && setting != Off && !named:
		case !encoders[f.encoder()] && (present || named):
			known = append(known, Tried{Family: f, Outcome: NotInFFmpeg})
		case !encoders[f.encoder()]:
		case !present && f == VideoToolbox:
			known = append(known, Tried{Family: f, Outcome: OtherSystem})
		case !present:
			known = append(known, Tried{Family: f, Device: device, Outcome: NoDevice})
		default:
			allowed, refused := m.allowed(f, found)
			try, known = append(try, allowed...), append(known, refused...)
		}
	}
	return try, known
}

// chosen are the devices of a family that the owner lets it have. Where both are named, the device may lie anywhere.
func (m machine) chosen(f Family, device string, named bool) []string {
	if _, err := os.Stat(device); device != "" && named && err == nil {
		return []string{device}
	}
	return slices.DeleteFunc(m.devices(f), func(path string) bool { return device != "" && path != device })
}

// allowed turns the devices of a family into candidates. Of one that this user may not open it says so.
func (m machine) allowed(f Family, devices []string) (try []candidate, refused []Tried) {
	if f == VideoToolbox {
		return []candidate{{family: f}}, nil
	}
	if f == V4L2M2M || f == RKMPP { // the driver chooses among its devices
		for _, d := range devices {
			if !errors.Is(open(d), fs.ErrPermission) {
				return []candidate{{family: f}}, nil
			}
		}
		return nil, []Tried{{Family: f, Device: devices[0], Outcome: NoPermission, group: groupOf(devices[0])}}
	}
	for _, d := range devices {
		if err := open(d); errors.Is(err, fs.ErrPermission) {
			refused = append(refused, Tried{Family: f, Device: d, Outcome: NoPermission, group: groupOf(d)})
		} else {
			try = append(try, candidate{family: f, device: d})
		}
	}
	return try, refused
}

// open opens a device as a driver does, and closes it.
func open(device string) error {
	f, err := os.OpenFile(device, os.O_RDWR|syscall.O_NONBLOCK, 0)
	if err != nil {
		return err
	}
	return f.Close()
}

// group is the group of a device's file: its members may open it.
type group struct {
	name string // "" = it has none on this machine, as in a container
	id   int
}

// String is the group's name, else its number; "" for root's, which gives nothing away.
func (g group) String() string {
	switch {
	case g.name != "":
		return g.name
	case g.id != 0:
		return strconv.Itoa(g.id)
	}
	return ""
}

func groupOf(device string) group {
	info, err := os.Stat(device)
	if err != nil {
		return group{}
	}
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return group{}
	}
	g := group{id: int(stat.Gid)}
	if known, err := user.LookupGroupId(strconv.Itoa(g.id)); err == nil {
		g.name = known.Name
	}
	return g
}

// encoders asks ffmpeg for the encoders that it was built with, by name.
func encoders(ctx context.Context, program string) (map[string]bool, error) {
	text, err := run(ctx, child{program: program, args: []string{"-hide_banner", "-encoders"}}, probeOutput)
	if err != nil {
		return nil, err
	}
	return parseEncoders(text), nil
}

// parseEncoders reads the output of ffmpeg -encoders: " V....D h264_vaapi           H.264/AVC (VAAPI) (codec h264)".
func parseEncoders(text []byte) map[string]bool {
	out := map[string]bool{}
	for lines := bufio.NewScanner(bytes.NewReader(text)); lines.Scan(); {
		if words := strings.Fields(lines.Text()); len(words) > 2 && len(words[0]) == 6 && words[1] != "=" {
			out[words[1]] = true
		}
	}
	return out
}
