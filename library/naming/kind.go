package naming

// Kind is the kind of a title.
type Kind string

// The kinds of title.
const (
	Movie   Kind = "movie"
	Series  Kind = "series"
	Season  Kind = "season"
	Episode Kind = "episode"
	Extra   Kind = "extra"
)

// ExtraKind is the kind of an extra.
type ExtraKind string

// The kinds of extra.
const (
	Trailer         ExtraKind = "trailer"
	BehindTheScenes ExtraKind = "behindthescenes"
	DeletedScene    ExtraKind = "deleted"
	Featurette      ExtraKind = "featurette"
	Interview       ExtraKind = "interview"
	Scene           ExtraKind = "scene"
	Short           ExtraKind = "short"
	OtherExtra      ExtraKind = "other"
)
