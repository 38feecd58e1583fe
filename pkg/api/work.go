package api

import (
	"context"

	"movify/pkg/id"
)

// Work is the encoding jobs and the machine.
type Work interface {
	Jobs(ctx context.Context) (Jobs, error)
	System(ctx context.Context) (System, error)
	// EncodeLog gives the run that made each segment of a title's ladder.
	EncodeLog(ctx context.Context, t id.Title) (EncodeLog, error)
}

// EncodeLog is every segment that was made for a title, by rendition and segment.
type EncodeLog struct {
	Items []EncodeEntry `json:"items"`
}

// EncodeEntry is one segment that a run has made.
type EncodeEntry struct {
	RunID     string `json:"runId"`
	Class     string `json:"class" enum:"jit,new,backlog" doc:"Why it was made: for a viewer, or in advance."`
	Rendition string `json:"rendition"`
	Segment   int    `json:"segment"`
	Bytes     int64  `json:"bytes"`
	SHA256    string `json:"sha256"`
	AtMs      int64  `json:"atMs"`
	Duplicate bool   `json:"duplicate" doc:"It was there already: the work was in vain."`
}

// Jobs is the encoding that runs, waits and has failed.
type Jobs struct {
	Running []Job     `json:"running"`
	Waiting Waiting   `json:"waiting"`
	Dead    []DeadJob `json:"dead"`
}

// Job is one run of an encoder.
type Job struct {
	RunID      string   `json:"runId"`
	TitleID    string   `json:"titleId,omitempty"`
	TitleName  string   `json:"titleName,omitempty"`
	Class      string   `json:"class" enum:"jit,new,backlog"`
	Renditions []string `json:"renditions"`
	From       int      `json:"from" doc:"First segment."`
	To         int      `json:"to" doc:"Segment it stops before."`
	At         int      `json:"at" doc:"Segment it is making."`
	Speed      float64  `json:"speed,omitempty" doc:"Times real time."`
	Paused     bool     `json:"paused"`
}

// Waiting counts jobs by class.
type Waiting struct {
	JIT     int `json:"jit"`
	New     int `json:"new"`
	Backlog int `json:"backlog"`
}

// DeadJob is work that failed too often.
type DeadJob struct {
	Key       string `json:"key"`
	Reason    string `json:"reason"`
	TitleName string `json:"titleName,omitempty"`
}

// System is the machine.
type System struct {
	Version       string   `json:"version"`
	FFmpeg        string   `json:"ffmpeg" doc:"Its version."`
	StartRung     string   `json:"startRung" doc:"The rung this machine can make fast."`
	Speeds        []Speed  `json:"speeds"`
	DiskFreeBytes int64    `json:"diskFreeBytes"`
	DataDir       string   `json:"dataDir"`
	Home          string   `json:"home,omitempty" enum:"disk,s3" doc:"Where finished segments and pictures live."`
	Hardware      Hardware `json:"hardware"`
}

// Hardware is what became of the hardware encoders.
type Hardware struct {
	Setting     string          `json:"setting" enum:"auto,off,vaapi,qsv,nvenc,videotoolbox,v4l2m2m,rkmpp" doc:"transcode.hardware of the configuration."`
	State       string          `json:"state" enum:"off,trying,used,none,paused" doc:"none: no encoder passed its trial. paused: it broke again and again, and software makes everything for some minutes."`
	Trials      []HardwareTrial `json:"trials,omitempty"`
	Failures    int             `json:"failures,omitempty" doc:"Runs since the start that broke and that software finished."`
	LastFailure string          `json:"lastFailure,omitempty" doc:"Why the last of them broke, for a log."`
}

// The states of hardware encoding.
const (
	HardwareOff    = "off"
	HardwareTrying = "trying"
	HardwareUsed   = "used"
	HardwareNone   = "none"
	HardwarePaused = "paused"
)

// HardwareTrial is how the trial of one encoder of one device ended.
type HardwareTrial struct {
	Family        string  `json:"family" enum:"vaapi,qsv,nvenc,videotoolbox,v4l2m2m,rkmpp"`
	Device        string  `json:"device,omitempty" doc:"Its file; missing where the driver chooses."`
	Outcome       string  `json:"outcome" enum:"works,slower,not_in_ffmpeg,other_system,no_device,no_permission,no_driver,old_driver,no_codec,busy,off_grid,headers,picture,too_large,too_late,failed,not_compared"`
	Words         string  `json:"words" doc:"The reason, in English."`
	Group         string  `json:"group,omitempty" doc:"With no_permission: the group whose members may open the device, by name or number."`
	Detail        string  `json:"detail,omitempty" doc:"What ffmpeg said first."`
	Speed         float64 `json:"speed,omitempty" doc:"Times real time, of the test film."`
	SoftwareSpeed float64 `json:"softwareSpeed,omitempty" doc:"The same by software."`
	Used          bool    `json:"used"`
}

// Speed is how fast this machine makes a rung.
type Speed struct {
	Name  string  `json:"name"`
	Speed float64 `json:"speed" doc:"Times real time."`
}

func (a *API) registerWork() {
	answer(a, operation{
		access: AccessAdmin, route: "GET /jobs", name: "listJobs", summary: "Encoding: running, waiting, failed",
	}, withoutInput(a.o.Work.Jobs))
	answer(a, operation{access: AccessAdmin, route: "GET /system", name: "getSystem", summary: "The machine"},
		withoutInput(a.o.Work.System))
	answer(a, operation{
		access: AccessAdmin, route: "GET /titles/{id}/encode-log", name: "getEncodeLog",
		summary: "Who made which segment of a title",
	}, func(ctx context.Context, _ Caller, in *byID) (EncodeLog, error) {
		return a.o.Work.EncodeLog(ctx, id.Title(in.ID))
	})
}
