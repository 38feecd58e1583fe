package ffmpeg

import (
	"testing"

	"movify/pkg/media"
	"movify/pkg/queue"
	"movify/transcoder"
)

func TestHardwareArgs(t *testing.T) {
	t.Parallel()
	film := plan(t)
	preset, _ := PresetNamed("veryfast")
	one := transcoder.Order{
		Path: "/films/film.mkv", Asset: film, Renditions: named(t, film, "480p"), From: 5, To: 7, Class: queue.JIT,
		Makers: []transcoder.Maker{transcoder.Hardware},
	}
	all := one
	all.Renditions, all.From, all.To, all.Class = film.Ladder.Renditions, 0, film.Grid.Segments(), queue.Backlog
	all.Makers = nil
	for _, r := range all.Renditions {
		maker := transcoder.Hardware
		switch {
		case r.Kind == media.Audio:
			maker = transcoder.Software
		case r.Name == "480p":
			maker = transcoder.SoftwareBeside
		case r.Name == "360p":
			maker = transcoder.Software
		}
		all.Makers = append(all.Makers, maker)
	}
	header := one
	header.HeaderOnly, header.From, header.To = true, 0, 1
	header.Makers = []transcoder.Maker{transcoder.SoftwareBeside}
	tests := map[string]struct {
		order  transcoder.Order
		device candidate
	}{
		"hardware/nvenc.args":         {one, candidate{family: NVENC, device: "/dev/nvidia1"}},
		"hardware/qsv.args":           {one, candidate{family: QSV, device: "/dev/dri/renderD128"}},
		"hardware/vaapi.args":         {one, candidate{family: VAAPI, device: "/dev/dri/renderD128"}},
		"hardware/vaapilowpower.args": {one, candidate{family: VAAPI, device: "/dev/dri/renderD128", lowPower: true}},
		"hardware/videotoolbox.args":  {one, candidate{family: VideoToolbox}},
		"hardware/rkmpp.args":         {one, candidate{family: RKMPP}},
		"hardware/v4l2m2m.args":       {one, candidate{family: V4L2M2M}},
		"hardware/v4l2planes.args":    {one, candidate{family: V4L2M2M, planes: true}},
		"hardware/ladder.args":        {all, candidate{family: VAAPI, device: "/dev/dri/renderD128"}},
		"hardware/header.args":        {header, candidate{}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			args, err := encodeArgs(test.order, preset, input{url: inputURL(test.order.Path)}, test.device)
			if err != nil {
				t.Fatal(err)
			}
			golden(t, name, args)
		})
	}
}
