// Package player owns playbacks (Session), the position of a profile in a title (Progress), and the media handler that
// serves playlists and segments for a session's token. It decides where a playback begins and when one is over. It
// never speaks SQL, never runs an encoder and never reads a credential of an account.
//
// Invariants. A request for a segment reads memory only: a session is read from the Store once after a restart and
// cached. A session that was stopped or whose sign-in has ended is served no byte. Progress is stored by the time of
// the event, so a late writer never overwrites a later position.
package player

import (
	"context"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"movify/pkg/blob"
	"movify/pkg/event"
	"movify/pkg/fault"
	"movify/pkg/id"
	"movify/pkg/media"
)

// Faults of this context.
var (
	ErrNoSession = fault.New(fault.NotFound, "session_not_found", "That playback does not exist.")
	ErrEnded     = fault.New(fault.Forbidden, "session_ended", "This playback has ended. Press play again.")
	ErrBusy      = fault.New(fault.Limited, "too_many_requests", "Too many requests at once. Please wait a little.")
	ErrToken     = fault.New(fault.Forbidden, "media_link_invalid", "This link is not valid any more.")
)

// Playable is a title as it can be played by one viewer.
type Playable struct {
	Title id.Title
	Name  string
	File  id.File
	// Asset is the packaging of the file. Until it is planned it has no Grid, and of the Ladder what can be expected.
	Asset media.Asset
	// Plan plans the asset, which may take seconds, and gives it with its grid; a fault says why the file has no ladder. nil = Asset
	// is planned. It may be called again, and at once by several goroutines.
	Plan func(ctx context.Context) (media.Asset, error)
	// Source is the file on disk; zero when it is no single file, as of a copied disc.
	Source media.SourceFile
	Away   bool   // its disk or folder is away; what was encoded before can be played
	Parts  []Part // the files that are played one after the other, File among them; none = File is the whole title
}

// Catalogue finds the titles that may be played. A title that does not exist, or not for this viewer, is a NotFound
// fault; one that cannot be played is a fault with the reason. f is which of its files to play, "" = the best, and of
// parts the first; one that is not of the title, or not for this viewer, is a NotFound fault.
type Catalogue interface {
	Playable(ctx context.Context, v id.Viewer, t id.Title, f id.File) (Playable, error)
	// Versions lists the files of a title as they are known without asking ffprobe, the best first and parts in order. The Asset of a
	// file that is not planned yet has no Grid. A title of no files, as a series, has none.
	Versions(ctx context.Context, v id.Viewer, t id.Title) ([]Playable, error)
}

// Segments gives the bytes of an Asset and has them made when they are missing. Init and Segment wait for them and end
// with ctx's error when it is done; the caller closes the object's Body.
type Segments interface {
	// Init opens an Init Section; when none is stored, the run that makes it begins at segment near.
	Init(ctx context.Context, s id.Session, a media.Asset, r id.Rendition, near int) (blob.Object, error)
	// Segment opens segment n.
	Segment(ctx context.Context, s id.Session, a media.Asset, r id.Rendition, n int) (blob.Object, error)
	// Packing gives the layout of a rendition's packed file; ok is false while there is none.
	Packing(a media.Asset, r id.Rendition) (p media.Packing, ok bool)
	// Packed opens length bytes of a rendition's packed file from offset on.
	Packed(ctx context.Context, s id.Session, a media.Asset, r id.Rendition, offset, length int64) (blob.Object, error)
	// Touch records that a session reads segment n from the store directly.
	Touch(s id.Session, a media.Asset, r id.Rendition, n int)
	// Measures gives the stored bytes and bit rates of each rendition.
	Measures(a media.Asset) map[id.Rendition]media.Measure
	// StartRung is the video rendition this machine can make fast enough to begin with.
	StartRung(a media.Asset) id.Rendition
	// Warm begins to make the segments that a playback from positionMS requests first. It does not wait.
	Warm(s id.Session, a media.Asset, positionMS int64)
	// Leave reports that session s requests no more segments. It may be called twice.
	Leave(s id.Session)
}

// Tokens seals and opens media tokens. A media token is part of the URL path and gives the right to read the media of
// one session.
type Tokens interface {
	// Seal gives a token for session s of asset a, safe as a path element.
	Seal(s id.Session, a id.Asset, expires time.Time) (string, error)
	// Open gives the session of a genuine token, expired or not, and when it expires, in whole seconds; bound reports
	// whether it was sealed for an asset.
	Open(token string) (s id.Session, bound func(id.Asset) bool, expires time.Time, err error)
}

// Playlists writes the playlists of an asset; pure and quick.
type Playlists struct {
	Multivariant func(a media.Asset, m map[id.Rendition]media.Measure, start id.Rendition) (string, error)
	// Media names ranges of the packed rendition when p is not nil, else single segments.
	Media func(a media.Asset, r media.Rendition, p *media.Packing) (string, error)
	// Original is of the Original stream of a's file: with the sounds in copies as they are, and the ladder's for all others.
	Original func(
		o media.Original, copies []id.Rendition, a media.Asset, m map[id.Rendition]media.Measure,
	) (media.OriginalPlaylist, error)
	// OriginalMedia is of a copied track, OriginalSound of a sound of the ladder beside the copied picture.
	OriginalMedia func(o media.Original, a media.Asset, c media.Copy) (string, error)
	OriginalSound func(o media.Original, a media.Asset, r media.Rendition) (string, error)
	Transport     TransportPlaylists
}

// Store stores sessions, progress, marks, visits and searches.
type Store interface {
	AddSession(ctx context.Context, s Session) error
	// Session gives a session, ended or not, or ErrNoSession.
	Session(ctx context.Context, s id.Session) (Session, error)
	// EndSession notes the end of a session unless one is noted already.
	EndSession(ctx context.Context, s id.Session, at time.Time) error
	// EndSignIn notes the end of every session begun with a sign-in that has not ended.
	EndSignIn(ctx context.Context, s id.SignIn, at time.Time) error
	// EndProfile and EndAccount are likewise for the sessions of a profile and of an account.
	EndProfile(ctx context.Context, p id.Profile, at time.Time) error
	EndAccount(ctx context.Context, a id.Account, at time.Time) error
	// DropSessions forgets the sessions that expired before a time.
	DropSessions(ctx context.Context, before time.Time) error

	// SaveProgress stores each Progress unless a later one of the same profile and title is stored. One that has
	// Started goes into the visit it belongs to, or begins one; one that is Watched marks its title. All or nothing.
	SaveProgress(ctx context.Context, ps []Progress) error
	// Progress gives the stored progress of a profile in some titles; titles without any are left out.
	Progress(ctx context.Context, p id.Profile, titles []id.Title) (map[id.Title]Progress, error)
	// Resumable lists up to limit Progress whose ResumeMS is not 0, newest first.
	Resumable(ctx context.Context, p id.Profile, limit int) ([]Progress, error)
	// ForgetProgress removes the position of a title for a profile unless it is later than at; no earlier one is stored
	// from now on.
	ForgetProgress(ctx context.Context, p id.Profile, t id.Title, at time.Time) error

	WatchingStore
}

// Bus takes notices; it never blocks.
type Bus interface{ Publish(n event.Notice) }

// Options are the parts a Service needs. Links nil = all bytes go through the media handler, LinkLife 0 = 5 minutes,
// Limits nil = DefaultStreams for every account, Clock nil = time.Now, Wait 0 = a minute, TokenLife 0 = ten minutes,
// Logger nil = no log.
type Options struct {
	Store     Store
	Catalogue Catalogue
	Segments  Segments
	Tokens    Tokens
	Playlists Playlists
	// Originals opens the Original stream of the file that an asset was planned for; nil = no file has one. It gives a fault with
	// the reason for a file that has none, and ctx's error when that is done before the index was read.
	Originals func(ctx context.Context, a media.Asset, f media.SourceFile) (CopiedStream, error)
	Limits    Limits
	Links     Links
	LinkLife  time.Duration // how long an address of Links works
	Bus       Bus
	Incidents IncidentReporter // nil = incidents are not reported
	// Address gives the IP address a request came from, beyond trusted proxies; nil = the peer's.
	Address func(r *http.Request) string
	// Full answers a media request for which there is no stream slot; nil = text only.
	Full      func(w http.ResponseWriter, r *http.Request, l StreamLimit)
	Clock     func() time.Time
	Wait      time.Duration // how long a request waits for a segment that is being made
	Stall     time.Duration // how long a viewer may read nothing of a response; 0 = a minute
	TokenLife time.Duration // how long the URLs of a playback work by themselves
	Logger    *slog.Logger
}

// Service runs playbacks. Its methods may be called at once from many goroutines.
type Service struct {
	opts Options
	log  *slog.Logger

	slots   *streamSlots
	buffers sync.Pool // of responses: *[copied]byte

	mu       sync.RWMutex
	sessions map[id.Session]*activeSession
	pending  map[progressKey]pendingProgress // not yet stored

	unplanned chan *activeSession // whose ladders are planned soon

	loading sync.Mutex // one session at a time moves from the Store to memory
	saving  sync.Mutex // one flush at a time, and no position is forgotten during one, which would store it again
}

// New builds a Service. Nothing runs until Run.
func New(o Options) *Service {
	if o.Clock == nil {
		o.Clock = time.Now
	}
	if o.LinkLife == 0 {
		o.LinkLife = 5 * time.Minute
	}
	if o.Wait == 0 {
		o.Wait = time.Minute
	}
	if o.Stall == 0 {
		o.Stall = time.Minute
	}
	if o.TokenLife == 0 {
		o.TokenLife = 10 * time.Minute
	}
	if o.Address == nil {
		o.Address = peer
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	return &Service{
		opts: o, log: o.Logger, slots: newStreamSlots(o.Wait),
		unplanned: make(chan *activeSession, planning),
		sessions:  make(map[id.Session]*activeSession), pending: make(map[progressKey]pendingProgress),
	}
}

// publish sends a notice of a playback to its profile, and one of the changed streams to its account.
func (s *Service) publish(kind string, x Session) {
	if s.opts.Bus == nil {
		return
	}
	s.opts.Bus.Publish(event.Notice{Topic: event.Session, Kind: kind,
		IDs: map[string]string{"session": string(x.ID), "title": string(x.Title)},
		For: event.Addressee{Account: x.Viewer.Account, Profile: x.Viewer.Profile}})
	s.streamsChanged(x.Viewer.Account)
}
