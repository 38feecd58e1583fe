package tmdb

// The answers of TMDB, as far as they are used.

type named struct {
	Name string `json:"name"`
}

type found struct {
	ID            int    `json:"id"`
	Title         string `json:"title"` // of a movie
	OriginalTitle string `json:"original_title"`
	ReleaseDate   string `json:"release_date"`
	Name          string `json:"name"` // of a series
	OriginalName  string `json:"original_name"`
	FirstAirDate  string `json:"first_air_date"`
	Overview      string `json:"overview"`
	PosterPath    string `json:"poster_path"`
}

type searchAnswer struct {
	Results []found `json:"results"`
}

type findAnswer struct {
	Movies []found `json:"movie_results"`
	Series []found `json:"tv_results"`
}

type person struct {
	Name        string `json:"name"`
	Character   string `json:"character"`
	Job         string `json:"job"`
	ProfilePath string `json:"profile_path"`
	Roles       []struct {
		Character string `json:"character"`
	} `json:"roles"` // of a series
}

type credits struct {
	Cast []person `json:"cast"`
	Crew []person `json:"crew"`
}

type workAnswer struct {
	found
	BackdropPath        string   `json:"backdrop_path"`
	Tagline             string   `json:"tagline"`
	Status              string   `json:"status"`
	Runtime             int      `json:"runtime"`
	EpisodeRunTime      []int    `json:"episode_run_time"`
	Genres              []named  `json:"genres"`
	ProductionCompanies []named  `json:"production_companies"`
	Networks            []named  `json:"networks"`
	ProductionCountries []named  `json:"production_countries"`
	CreatedBy           []person `json:"created_by"`
	Collection          *named   `json:"belongs_to_collection"`
	VoteAverage         float64  `json:"vote_average"`
	VoteCount           int      `json:"vote_count"`
	IMDB                string   `json:"imdb_id"`
	ExternalIDs         struct {
		IMDB string `json:"imdb_id"`
		TVDB int    `json:"tvdb_id"`
	} `json:"external_ids"`
	Credits          credits `json:"credits"`
	AggregateCredits credits `json:"aggregate_credits"`
	ReleaseDates     struct {
		Results []struct {
			Country string `json:"iso_3166_1"`
			Dates   []struct {
				Certification string `json:"certification"`
			} `json:"release_dates"`
		} `json:"results"`
	} `json:"release_dates"`
	ContentRatings struct {
		Results []struct {
			Country string `json:"iso_3166_1"`
			Rating  string `json:"rating"`
		} `json:"results"`
	} `json:"content_ratings"`
}

type seasonAnswer struct {
	Name       string `json:"name"`
	Overview   string `json:"overview"`
	AirDate    string `json:"air_date"`
	PosterPath string `json:"poster_path"`
	Episodes   []struct {
		ID            int      `json:"id"`
		EpisodeNumber int      `json:"episode_number"`
		Name          string   `json:"name"`
		Overview      string   `json:"overview"`
		AirDate       string   `json:"air_date"`
		Runtime       int      `json:"runtime"`
		StillPath     string   `json:"still_path"`
		VoteAverage   float64  `json:"vote_average"`
		VoteCount     int      `json:"vote_count"`
		Crew          []person `json:"crew"`
		GuestStars    []person `json:"guest_stars"`
	} `json:"episodes"`
}
