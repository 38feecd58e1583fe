// Package tmdb is the client of The Movie Database (its API version 3) and a library.Provider. It limits its request
// rate, retries when told to wait, reads answers of bounded size, and contacts no hosts but those of its Options. The
// key never appears in an error or a log. It is off unless the owner sets a key.
package tmdb

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"golang.org/x/time/rate"

	"movify/library"
)

// Options configure a Client. Key is required.
type Options struct {
	Key      string // an API key, or a read access token
	Language string // BCP 47, "de-DE"; "" = "en-US"
	API      string // base address; "" = https://api.themoviedb.org/3
	Images   string // base address of pictures; "" = https://image.tmdb.org/t/p
	HTTP     *http.Client
	PerSec   float64                                          // requests a second; 0 = 4
	Wait     func(ctx context.Context, d time.Duration) error // until the next try; nil = by the clock
}

// Client is a library.Provider.
type Client struct {
	o     Options
	limit *rate.Limiter
}

var _ library.Provider = (*Client)(nil)

const (
	answerLimit  = 8 << 20  // bytes of an answer
	pictureLimit = 20 << 20 // bytes of a picture
	tries        = 3
	longestWait  = 30 * time.Second
)

// New returns a client. It sends no request yet.
func New(o Options) *Client {
	if o.Language == "" {
		o.Language = "en-US"
	}
	if o.API == "" {
		o.API = "https://api.themoviedb.org/3"
	}
	if o.Images == "" {
		o.Images = "https://image.tmdb.org/t/p"
	}
	if o.HTTP == nil {
		o.HTTP = &http.Client{
			Timeout: 15 * time.Second,
			// to no other machine
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		}
	}
	if o.PerSec == 0 {
		o.PerSec = 4
	}
	if o.Wait == nil {
		o.Wait = wait
	}
	return &Client{o, rate.NewLimiter(rate.Limit(o.PerSec), 4)}
}

// wait sleeps, or returns ctx's error.
func wait(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

// Name is "tmdb".
func (c *Client) Name() string { return "tmdb" }

// get requests path and decodes the answer into out.
func (c *Client) get(ctx context.Context, path string, query url.Values, out any) error {
	if query == nil {
		query = make(url.Values)
	}
	query.Set("language", c.o.Language)
	if !c.token() {
		query.Set("api_key", c.o.Key)
	}
	body, err := c.fetch(ctx, c.o.API+path+"?"+query.Encode(), answerLimit, true)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(body, out); err != nil {
		return library.ErrProviderUnclear.Because(fmt.Errorf("read the answer of TMDB to %s: %w", path, err))
	}
	return nil
}

// token reports whether the key is a read access token, which goes into a header.
func (c *Client) token() bool { return strings.Count(c.o.Key, ".") == 2 }

// fetch reads the body at an address. It retries when the service is unavailable or limits the rate.
func (c *Client) fetch(ctx context.Context, address string, limit int64, withKey bool) ([]byte, error) {
	var last error
	for try := range tries {
		if try > 0 {
			if err := c.o.Wait(ctx, pause(last, try)); err != nil {
				return nil, err
			}
		}
		if err := c.limit.Wait(ctx); err != nil {
			return nil, err
		}
		body, err := c.once(ctx, address, limit, withKey)
		if err == nil || ctx.Err() != nil {
			return body, err
		}
		var s *status
		if errors.As(err, &s) && !s.passing() {
			return nil, s.fault()
		}
		last = err
	}
	return nil, library.ErrProviderAway.Because(last)
}

// pause returns how long to wait before a retry.
func pause(err error, try int) time.Duration {
	var s *status
	if errors.As(err, &s) && s.after > 0 {
		return min(s.after, longestWait)
	}
	return time.Duration(1<<try) * time.Second
}

func (c *Client) once(ctx context.Context, address string, limit int64, withKey bool) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, errors.New("ask TMDB: the address is not valid") // err holds the address with the key
	}
	req.Header.Set("Accept", "application/json, image/*")
	if withKey && c.token() {
		req.Header.Set("Authorization", "Bearer "+c.o.Key)
	}
	resp, err := c.o.HTTP.Do(req)
	if err != nil {
		var outer *url.Error
		if errors.As(err, &outer) {
			err = outer.Err // outer holds the address
		}
		return nil, fmt.Errorf("ask TMDB: %w", err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return nil, &status{resp.StatusCode, retryAfter(resp.Header.Get("Retry-After"))}
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, limit+1))
	if err != nil {
		return nil, fmt.Errorf("read the answer of TMDB: %w", err)
	}
	if int64(len(body)) > limit {
		return nil, fmt.Errorf("the answer of TMDB is longer than %d bytes", limit)
	}
	return body, nil
}

// status is an error response.
type status struct {
	code  int
	after time.Duration
}

func (s *status) Error() string { return "TMDB answers " + strconv.Itoa(s.code) }

// passing reports whether a retry may help.
func (s *status) passing() bool { return s.code == http.StatusTooManyRequests || s.code >= 500 }

func (s *status) fault() error {
	switch s.code {
	case http.StatusNotFound:
		return library.ErrMatchNotFound.Because(s)
	case http.StatusUnauthorized, http.StatusForbidden:
		return library.ErrProviderRefused.Because(s)
	}
	return library.ErrProviderAway.Because(s)
}

// retryAfter parses seconds (RFC 9110 section 10.2.3; a date is not used there).
func retryAfter(text string) time.Duration {
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 {
		return 0
	}
	return time.Duration(n) * time.Second
}

// Picture downloads a picture of TMDB.
func (c *Client) Picture(ctx context.Context, address string) ([]byte, error) {
	if !strings.HasPrefix(address, c.o.Images+"/") || strings.Contains(address, "..") {
		return nil, library.ErrMatchNotFound.Because(errors.New("this picture is not one of TMDB"))
	}
	return c.fetch(ctx, address, pictureLimit, false)
}

// picture returns the address of a picture by its path, at a width, or "".
func (c *Client) picture(size, path string) string {
	if !strings.HasPrefix(path, "/") {
		return ""
	}
	return c.o.Images + "/" + size + path
}
