package app

import (
	"context"
	"fmt"
	"io/fs"
	"log/slog"
	"net/http"
	"net/url"
	"runtime"
	"sync/atomic"
	"time"

	"movify/library/scan"

	"movify/library/artwork"
	"movify/library/catalogue"
	"movify/library/fswatch"
	"movify/library/metadata"
	"movify/library/nfo"
	"movify/library/search"
	"movify/pkg/account"
	"movify/pkg/api"
	"movify/pkg/auth"
	"movify/pkg/config"
	"movify/pkg/event"
	"movify/pkg/facade"
	"movify/pkg/queue/natsqueue"
	"movify/pkg/store"
	"movify/player"
	"movify/player/hls"
	"movify/transcoder"
	"movify/web"
)

// ServeOptions configure Serve.
type ServeOptions struct {
	Config  config.Config
	Version string
	Logger  *slog.Logger
	// Started is called once, when the server accepts requests: with its address, and whether it waits to be set up.
	Started func(address string, setupNeeded bool)
}

// server holds the connected components of a running server.
type server struct {
	*dataDir
	o     ServeOptions
	bus   *event.Bus
	queue *natsqueue.Queue

	library    *libraryServices
	index      *search.Index
	transcoder *transcoder.Service
	player     *player.Service
	accounts   *account.Service
	auth       *auth.Service
	facade     *facade.Facade
	api        *api.API
	storage    *storageFacade

	originalIndexes *transcoder.OriginalIndexes

	version string // of ffmpeg
	speeds  []transcoder.Speed
	ready   atomic.Bool
	// hardwareTried is set when the trials of the hardware encoders have ended.
	hardwareTried atomic.Bool

	entitlementChecks entitlementChecks
}

// Serve runs a server until ctx ends. It returns when all goroutines it started have ended and everything it opened is
// closed.
func Serve(ctx context.Context, o ServeOptions) (err error) {
	f, err := openDataDir(ctx, o.Config, o.Logger)
	if err != nil {
		return err
	}
	defer func() {
		if closing := f.Close(); err == nil {
			err = closing
		}
	}()
	s := &server{dataDir: f, o: o, bus: &event.Bus{}}
	if err := s.measure(ctx); err != nil {
		return err
	}
	// The queue is in memory: at the start the reconciler submits the missing jobs again.
	if s.queue, err = natsqueue.Start(ctx, natsqueue.Options{Logger: o.Logger}); err != nil {
		return err
	}
	f.closers = append(f.closers, s.queue)
	if err := s.wire(ctx); err != nil {
		return err
	}
	listeners, err := s.listen(ctx)
	if err != nil {
		return err
	}
	// Stopped in reverse: first requests, then scans, then encodes, then the last positions are stored.
	components := []component{
		{"sign-ins", s.auth.Run},
		{"letters", s.accounts.Run},
		{"original indexes", s.originalIndexes.Run},
		{"player", s.player.Run},
		{"storage", s.storage.run},
		{"transcoder", s.transcoder.Run},
		{"hardware", s.runHardware},
		{"search", s.index.Run},
		{"reviews", s.entitlementChecks.run},
		{"memory", func(ctx context.Context) error { return returnMemory(ctx, s.logger) }},
	}
	components = append(components, s.library.components()...)
	components = append(components, listeners...)
	s.ready.Store(true)
	return runComponents(ctx, o.Logger, components)
}

// originalIndexRate is how fast films without an index are read to make one, bytes a second: a third of what one disk
// gives, so that films that are played go on.
const originalIndexRate = 32 << 20

// wire constructs the components and connects them. Nothing runs yet.
func (s *server) wire(ctx context.Context) error {
	c, logger := s.config, s.logger
	known := s.db.Library()
	s.entitlementChecks = newEntitlementChecks(func(ctx context.Context) error { return s.player.EndHidden(ctx) }, logger)
	s.index = search.New(search.Options{Dir: s.path(indexName), Logger: logger})
	filesChanged := func() { s.transcoder.Poke() }
	s.library = newLibrary(libraryOptions{
		scan: withRootSettings(c, scan.Options{
			Store: known, Prober: s.tools.headers, Bus: s.bus, Logger: logger,
			Watcher:  fswatch.New(fswatch.Options{Logger: logger, LinksInto: c.Library.LinksInto}),
			OnChange: filesChanged, OnScan: new(heapGrowth).set, Exclude: s.ownDirs(),
		}),
		metadata: metadata.Options{
			Store: known, NFO: nfo.Reader{}, WriteNFO: writer(c.Library), Provider: provider(c.Library.TMDB), Bus: s.bus,
			Logger: logger, OnChange: filesChanged, OnMetadata: s.entitlementChecks.request,
		},
		artwork: artwork.Options{
			Store: known, Stills: stillMaker{s.tools.encoder}, Blobs: s.blobs, Logger: logger,
			Busy: func() bool { return encodesForViewers(s.transcoder.Running()) },
		},
		catalogue: catalogue.Options{
			Store: known, Index: s.index, Blobs: s.blobs, Bus: s.bus, Logger: logger, CollectSets: c.Library.CollectSets,
		},
	})
	from := facade.NewSources(s.library.catalogue, s.library.scan, known)
	s.transcoder = transcoder.New(transcoder.Options{
		Stage: s.stage, Blobs: s.blobs, Queue: s.queue, Encoder: s.tools.encoder, Hardware: s.tools.hardware.Ready,
		Prober: s.tools.prober, Sources: from,
		Log: store.NewEncodeLog(s.db), Policy: transcoder.DefaultPolicy(), Bus: s.bus, Speeds: s.speeds,
		Prewarm: c.Transcode.Prewarm, PresetCost: s.tools.preset.Cost(),
		Background: background(c.Transcode.Workers), Logger: logger, Now: time.Now,
		UploadJIT: s.backends.shared(), StageBytes: int64(c.Storage.Stage),
	})
	s.originalIndexes = transcoder.NewOriginalIndexes(transcoder.OriginalIndexOptions{
		Stage: s.stage, Blobs: s.blobs, BytesPerSecond: originalIndexRate, Logger: logger,
	})
	s.storage = &storageFacade{dataDir: s.dataDir, service: s.newStorage(s.transcoder.Running, func() {
		s.bus.Publish(event.Notice{Topic: event.Storage, Kind: "task"})
	})}

	accessKeys, err := auth.LoadKeys(ctx, s.db.Auth(), auth.Access, nil)
	if err != nil {
		return err
	}
	mediaKeys, err := auth.LoadKeys(ctx, s.db.Auth(), auth.Media, nil)
	if err != nil {
		return err
	}
	keyrings := map[string]*auth.Keyring{auth.Access: accessKeys, auth.Media: mediaKeys}
	incidents := &facade.SecurityEvents{Bus: s.bus}
	tokens := auth.NewMediaTokens(mediaKeys)
	playables := facade.NewPlayables(s.library.catalogue, s.transcoder, s.db.Accounts())
	s.player = player.New(player.Options{
		Store: s.db.Player(), Catalogue: playables,
		Segments: s.transcoder, Tokens: tokens, Links: s.backends.links(),
		Originals: facade.OriginalsOf(transcoder.NewIndexedOriginals(s.originalIndexes)),
		Playlists: player.Playlists{
			Multivariant: hls.Multivariant, Media: hls.Media,
			Original: hls.OriginalBesideLadder, OriginalMedia: hls.OriginalMedia, OriginalSound: hls.OriginalSound,
			Transport: player.TransportPlaylists{
				Multivariant: hls.Transport, Media: hls.TransportMedia, Original: hls.OriginalTransport,
				OriginalMedia: hls.OriginalTransportMedia, OriginalSound: hls.OriginalTransportSound,
			},
		},
		Address: s.addresses().Text, Incidents: incidents, TokenLife: c.Playback.TokenLife,
		Limits: streamLimits{s.db.Accounts()},
		Full:   func(w http.ResponseWriter, r *http.Request, l player.StreamLimit) { s.facade.StreamsFull(w, r, l) },
		Bus:    s.bus, Logger: logger,
	})
	hasher := auth.NewHasher()
	s.auth, err = auth.New(ctx, auth.Options{
		Store: s.db.Auth(), Hasher: hasher, Normalise: account.NormaliseEmail, Keys: accessKeys, Playbacks: s.player,
		Logger: logger,
	})
	if err != nil {
		return err
	}
	incidents.Log = s.auth
	if s.accounts, err = newAccounts(c, account.Options{
		Store: s.db.Accounts(), Hasher: hasher, SignIns: signInEnder{s.auth, s.player.Flush}, Passwords: s.auth,
		Devices: s.auth, Blobs: s.blobs, Logger: logger,
	}); err != nil {
		return err
	}
	s.facade = facade.New(facade.Options{
		Scan: s.library.scan, Metadata: s.library.metadata, Catalogue: s.library.catalogue, Artwork: s.library.artwork,
		Transcoder: s.transcoder, Player: s.player, Accounts: s.accounts,
		Auth: s.auth, Sources: from, Playables: playables, Queue: s.queue, EncodeLog: store.NewEncodeLog(s.db),
		Tokens: tokens, Keyrings: keyrings, OIDC: newProvider(c.Accounts.OIDC), System: s.system, Logger: logger,
	})
	return s.newAPI()
}

// addresses tells where requests come from, for both planes.
func (s *server) addresses() api.Addresses {
	return api.Addresses{Proxies: s.config.Server.Proxies(), Header: s.config.Server.ProxyHeader}
}

// newAPI constructs the API.
func (s *server) newAPI() error {
	public, err := publicURL(s.config.Server.PublicURL)
	if err != nil {
		return err
	}
	o := s.facade.Ports()
	o.Brand, o.Version, o.Languages = "Movify", s.o.Version, []string{"en", "fr"}
	o.Notices, o.Storage, o.MediaOrigins = s.bus, s.storage, s.backends.origins
	o.Media, o.App = player.NewMediaHandler(s.player), web.App()
	o.Ready, o.Logger, o.Public, o.Addresses = s.ready.Load, s.logger, public, s.addresses()
	o.Hosts = s.config.Server.Hosts
	if s.api, err = api.New(o); err != nil {
		return fmt.Errorf("build the API: %w", err)
	}
	if _, err := fs.Stat(web.App(), "index.html"); err != nil {
		s.logger.Warn("this binary was built without the web app; run: make build")
	}
	return nil
}

// background is the number of background encoders unless it is configured: one x264 process uses four cores.
func background(configured int) int {
	if configured > 0 {
		return configured
	}
	return max(1, runtime.NumCPU()/4)
}

func publicURL(text string) (*url.URL, error) {
	if text == "" {
		return nil, nil
	}
	u, err := url.Parse(text)
	if err != nil {
		return nil, fmt.Errorf("read server.public_url: %w", err)
	}
	return u, nil
}

// system describes the machine for the admin page.
func (s *server) system() (api.System, error) {
	free, err := freeBytes(s.config.Data.Dir)
	if err != nil {
		return api.System{}, err
	}
	rung, err := s.startRung()
	if err != nil {
		return api.System{}, err
	}
	out := api.System{
		Version: s.o.Version, FFmpeg: s.version, StartRung: rung, DiskFreeBytes: free, DataDir: s.config.Data.Dir,
		Home: s.backends.backend(), Hardware: s.describeHardware(),
	}
	for _, x := range s.speeds {
		out.Speeds = append(out.Speeds, api.Speed{Name: fmt.Sprintf("%dp", x.Height), Speed: x.Times})
	}
	return out, nil
}

// startRung is the rung on which this machine would start to play an untouched film of 1080 lines.
func (s *server) startRung() (string, error) {
	a, err := transcoder.PlanAsset("film", exampleFilm(), transcoder.DefaultPolicy())
	if err != nil {
		return "", fmt.Errorf("plan a film: %w", err)
	}
	r, _ := a.Ladder.Find(s.transcoder.StartRung(a))
	return r.Name, nil
}
