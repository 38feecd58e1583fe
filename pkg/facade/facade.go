// Package facade implements the ports of pkg/api with library, transcoder, player, account and auth, and the ports of one
// domain package that another one meets: Sources for the transcoder, Playables and SecurityEvents for the player. It owns
// the conversion of values and asks for the audience of the profile before every read of titles. It holds no rules; a rule
// belongs to the package it is about. It opens and starts nothing: pkg/app constructs the services and runs them.
package facade

import (
	"log/slog"
	"net/http"

	"movify/library/metadata"
	"movify/library/scan"

	"movify/library/artwork"
	"movify/library/catalogue"
	"movify/pkg/account"
	"movify/pkg/api"
	"movify/pkg/auth"
	"movify/pkg/auth/oidc"
	"movify/pkg/queue/natsqueue"
	"movify/pkg/store"
	"movify/player"
	"movify/transcoder"
)

// Options are the services that the API calls.
type Options struct {
	Scan       *scan.Service
	Metadata   *metadata.Service
	Catalogue  *catalogue.Service
	Artwork    *artwork.Service
	Transcoder *transcoder.Service
	Player     *player.Service
	Accounts   *account.Service
	Auth       *auth.Service
	Sources    Sources
	Playables  Playables
	Queue      *natsqueue.Queue
	EncodeLog  *store.EncodeLog
	Tokens     *auth.MediaTokens        // seals and opens art tokens
	Keyrings   map[string]*auth.Keyring // signing keys by purpose
	OIDC       *oidc.Provider           // nil when none is configured
	System     func() (api.System, error)
	Logger     *slog.Logger
}

// Facade implements the ports of the API.
type Facade struct {
	o         Options
	catalogue *catalogueFacade
	streams   *streams
}

// New connects the services. It starts nothing.
func New(o Options) *Facade {
	c := &catalogueFacade{
		metadata: o.Metadata, titles: o.Catalogue, artwork: o.Artwork, player: o.Player, transcoder: o.Transcoder,
		art: &art{o.Tokens, o.Auth}, audiences: o.Playables.audiences,
	}
	return &Facade{o, c, &streams{c, o.Player, o.Accounts, o.Logger}}
}

// Ports gives the options of an API with every port that the services implement.
func (f *Facade) Ports() api.Options {
	o, shown := f.o, f.catalogue
	accounts := &accountFacade{o.Accounts, o.Auth, o.Scan, o.Player.EndHidden}
	devices := &signIns{o.Auth, o.Accounts, o.Keyrings}
	return api.Options{
		Accounts:      accounts,
		Registrations: accounts,
		OwnAccount:    accounts,
		Users:         accounts,
		SignIns:       devices,
		Security:      devices,
		OIDC:          &oidcFacade{o.OIDC, o.Accounts, o.Auth},
		Profiles:      &profiles{o.Accounts, o.Auth, o.Player},
		Catalogue:     shown,
		Browsing:      shown,
		Pictures:      shown,
		Searching:     searchFacade{shown},
		Collections:   &collections{shown},
		Editing:       editing{shown},
		Matching:      matching{shown},
		Playing:       &playing{shown, o.Player, f.streams},
		Watching:      &watching{shown, o.Player},
		Streams:       f.streams,
		Playbacks:     &playbacks{f.streams, o.Transcoder},
		Library:       &libraryFacade{o.Scan, o.Catalogue, o.Transcoder.RetryFailed, o.Transcoder.Predict},
		Work:          &work{o.Sources, o.Transcoder, o.Queue, o.Playables, o.EncodeLog, o.System},
		Art:           shown.art,
		Current:       shown.art.current,
	}
}

// StreamsFull answers a media request beyond the stream limit of its account.
func (f *Facade) StreamsFull(w http.ResponseWriter, r *http.Request, l player.StreamLimit) {
	f.streams.streamsFull(w, r, l)
}
