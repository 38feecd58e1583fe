package s3

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/minio/minio-go/v7"

	"movify/pkg/blob"
	"movify/pkg/fault"
)

// Level says how much an item of a Report matters.
type Level string

// The levels.
const (
	LevelOK   Level = "ok"
	LevelWarn Level = "warn" // works, but costs something
	LevelFail Level = "fail" // cannot be used like this
)

// Item is one thing that the check tried.
type Item struct {
	Name  string // "put", "write once", …; stable
	OK    bool   // Level is LevelOK
	Level Level
	Words string // the result and, if the item is missing, the consequence
}

// Report is the result of a check, in the order of the attempts. Items that depend on a failed one are left out.
type Report struct {
	OK    bool // no item is LevelFail
	Items []Item
}

// The names of the items.
const (
	itemSettings  = "settings"
	itemReach     = "reach"
	itemClock     = "clock"
	itemPut       = "put"
	itemOnce      = "write once"
	itemGet       = "get"
	itemRange     = "range"
	itemList      = "list"
	itemParts     = "multipart"
	itemPartsOnce = "write once, multipart"
	itemDelete    = "delete"
	itemPrivate   = "private objects"
	itemHidden    = "private list"
	itemShare     = "browsers"
)

// The tolerated clock difference: Amazon refuses requests at 15 minutes, and links with a life of minutes fail long
// before.
const (
	clockWarns = 30 * time.Second
	clockFails = 10 * time.Minute
)

// Check tries on the real storage everything that Movify needs of it, with a few objects in the engine's own folder,
// which are removed afterwards. It takes seconds, reports all errors in the Report, and ends early when ctx does.
func Check(ctx context.Context, o Options) Report {
	if o.Retry == (Retry{}) {
		o.Retry.Attempts = 3 // the operator waits for the result
	}
	c := &checking{
		plain: &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }},
	}
	s, err := New(ctx, o)
	if err != nil {
		c.fail(itemSettings, err)
		return c.done()
	}
	defer func() { _ = s.Close() }() // never fails
	filled, err := o.complete()
	if err == nil {
		c.plain.Transport, err = filled.transport()
	}
	if err != nil {
		c.fail(itemSettings, err)
		return c.done()
	}
	defer c.plain.CloseIdleConnections()
	c.plain.Timeout = s.times.Answer
	c.s, c.folder = s, s.prefix+ownDir+"/check-"+rand.Text()
	c.run(ctx)
	return c.done()
}

// checking is a running check.
type checking struct {
	s      *Store
	plain  *http.Client // sends no credentials
	folder string
	items  []Item
}

func (c *checking) say(name string, level Level, words string) {
	c.items = append(c.items, Item{Name: name, OK: level == LevelOK, Level: level, Words: words})
}

func (c *checking) fail(name string, err error) {
	f := fault.Of(err)
	words := f.Message
	if said, ok := errorOf(err); ok && said.Message != "" {
		words += " (It says: " + said.Message + ")"
	}
	if f.Kind == fault.Internal {
		words = "This did not work: " + err.Error()
	}
	c.say(name, LevelFail, words)
}

func (c *checking) done() Report {
	r := Report{OK: true, Items: c.items}
	for _, i := range c.items {
		r.OK = r.OK && i.Level != LevelFail
	}
	return r
}

// run runs all items and removes its objects.
func (c *checking) run(ctx context.Context) {
	data := []byte(strings.Repeat("Movify checks this storage. ", 64))
	name := c.folder + "/small"
	if !c.reach(ctx) {
		return
	}
	defer c.sweep(ctx)
	if !c.put(ctx, name, data) {
		return
	}
	c.get(ctx, name, data)
	c.ranges(ctx, name, data)
	c.list(ctx, name)
	c.parts(ctx)
	c.anonymous(ctx, name)
	c.browsers(ctx, name)
	c.delete(ctx, name)
}

// reach checks that the endpoint answers, and compares the clocks by the Date of the response.
func (c *checking) reach(ctx context.Context) bool {
	before := time.Now()
	res, err := c.ask(ctx, http.MethodHead, c.s.client.EndpointURL().String(), nil)
	if err != nil {
		c.fail(itemReach, err)
		return false
	}
	c.say(itemReach, LevelOK, "The endpoint answers.")
	theirs, err := http.ParseTime(res.Header.Get("Date"))
	if err != nil {
		c.say(
			itemClock, LevelWarn,
			"The storage does not tell its time, so the clocks cannot be compared. Links to it may die early or late.",
		)
		return true
	}
	// A Date has whole seconds: the middle of that second against the middle of the request.
	apart := before.Add(time.Since(before) / 2).Sub(theirs.Add(time.Second / 2)).Abs().Round(time.Second)
	switch {
	case apart >= clockFails:
		c.say(
			itemClock, LevelFail,
			fmt.Sprintf(
				"The clocks of this machine and of the storage are %v apart. "+
					"Requests are refused at about 15 minutes: set the clock of this machine.",
				apart,
			),
		)
	case apart >= clockWarns:
		c.say(
			itemClock, LevelWarn,
			fmt.Sprintf(
				"The clocks of this machine and of the storage are %v apart. Links to the storage live longer or shorter by that.",
				apart,
			),
		)
	default:
		c.say(itemClock, LevelOK, "The clocks agree.")
	}
	return true
}

func (c *checking) put(ctx context.Context, name string, data []byte) bool {
	sum, err := hash(bytes.NewReader(data), 0, int64(len(data)))
	if err == nil {
		err = c.s.putWhole(ctx, name, bytes.NewReader(data), int64(len(data)), sum, false)
	}
	if err != nil {
		c.fail(itemPut, err)
		return false
	}
	c.say(itemPut, LevelOK, "An object can be written.")
	err = c.s.putWhole(ctx, name, bytes.NewReader(data), int64(len(data)), sum, true)
	switch {
	case errors.Is(err, blob.ErrExists):
		c.say(itemOnce, LevelOK, "A second write under the same name is refused.")
	case err == nil, errors.Is(err, ErrLacking):
		c.say(
			itemOnce, LevelWarn,
			"The storage does not know conditional writes (If-None-Match). Movify looks before each write instead: "+
				"one more request for each, and two servers that make the same segment at the same moment may both store it.",
		)
	default:
		c.fail(itemOnce, err)
	}
	return true
}

func (c *checking) get(ctx context.Context, name string, data []byte) {
	got, err := c.read(ctx, name, 0, whole)
	if err == nil && !bytes.Equal(got, data) {
		err = ErrLacking.Saying("The storage gives other bytes than were written.")
	}
	c.result(itemGet, err, "An object comes back as it was written.")
}

func (c *checking) ranges(ctx context.Context, name string, data []byte) {
	got, err := c.read(ctx, name, 100, 50)
	if err == nil && !bytes.Equal(got, data[100:150]) || errors.Is(err, ErrLacking) {
		err = ErrLacking.Saying(
			"The storage does not give a part of an object (Range). " +
				"Films are stored as few large objects, so they could not be played.",
		).Because(
			err,
		)
	}
	c.result(itemRange, err, "A part of an object can be read.")
}

func (c *checking) read(ctx context.Context, name string, offset, length int64) ([]byte, error) {
	b := &body{s: c.s, ctx: ctx, name: name, first: offset, size: length}
	if _, err := b.begin(); err != nil {
		return nil, err
	}
	got, err := io.ReadAll(b)
	return got, errors.Join(err, b.Close())
}

func (c *checking) list(ctx context.Context, name string) {
	found := 0
	_, err := c.s.call(ctx, reading, "list", c.folder, func(w *watch) error {
		found = 0
		options := minio.ListObjectsOptions{Prefix: c.folder, Recursive: true}
		for o := range c.s.client.ListObjectsIter(w.ctx, c.s.bucket, options) {
			if o.Err != nil {
				return o.Err
			}
			if o.Key != name {
				return ErrLacking.Saying("The storage lists objects that do not begin with the prefix that was asked for.")
			}
			found++
		}
		return nil
	})
	if err == nil && found != 1 {
		err = ErrLacking.Saying(
			"The storage does not list an object that was just written. Moving and cleaning up would miss some.",
		)
	}
	c.result(itemList, err, "Objects can be listed by the beginning of their name.")
}

// parts writes an object in two parts, the first as small as Amazon allows.
func (c *checking) parts(ctx context.Context) {
	name := c.folder + "/large"
	data := make([]byte, minPart+1)
	err := c.inParts(ctx, name, data)
	if err != nil {
		c.fail(itemParts, err)
		return
	}
	c.say(itemParts, LevelOK, "A large object can be written in parts.")
	err = c.inParts(ctx, name, data[:1])
	switch {
	case errors.Is(err, blob.ErrExists):
		c.say(itemPartsOnce, LevelOK, "A second large write under the same name is refused.")
	case err == nil, errors.Is(err, ErrLacking):
		c.say(itemPartsOnce, LevelWarn, "The storage does not know conditional writes in parts. Movify looks before each; "+
			"two servers that pack the same rendition at the same moment may both store it.")
	default:
		c.fail(itemPartsOnce, err)
	}
}

func (c *checking) inParts(ctx context.Context, name string, data []byte) error {
	return c.s.upload(ctx, name, bytes.NewReader(data), int64(len(data)), minPart, true)
}

// anonymous sends requests without credentials, which must be refused.
func (c *checking) anonymous(ctx context.Context, name string) {
	link, err := c.s.client.PresignedGetObject(ctx, c.s.bucket, name, time.Minute, nil)
	if err != nil {
		c.fail(itemPrivate, err)
		return
	}
	object := *link
	object.RawQuery = ""
	list := object
	list.Path, list.RawPath = strings.TrimSuffix(list.Path, name), ""
	list.RawQuery = "list-type=2"
	for _, q := range []struct{ item, url, refused, open string }{
		{itemPrivate, object.String(), "Objects cannot be read without credentials.",
			"Anybody on the network can read the objects in this bucket without credentials. " +
				"Make the bucket private: films would be public."},
		{itemHidden, list.String(), "The bucket cannot be listed without credentials.",
			"Anybody on the network can list this bucket without credentials. " +
				"Make the bucket private: it tells what you have."},
	} {
		res, err := c.ask(ctx, http.MethodGet, q.url, nil)
		switch {
		case err != nil:
			c.fail(q.item, err)
		case res.StatusCode < 300:
			c.say(q.item, LevelWarn, q.open)
		default:
			c.say(q.item, LevelOK, q.refused)
		}
	}
}

// browsers sends a request as a page of another origin does, which redirect and cdn delivery need.
func (c *checking) browsers(ctx context.Context, name string) {
	link, err := c.s.client.PresignedGetObject(ctx, c.s.bucket, name, time.Minute, nil)
	if err != nil {
		c.fail(itemShare, err)
		return
	}
	res, err := c.ask(
		ctx, http.MethodGet, link.String(), http.Header{"Origin": {"https://movify.example"}, "Range": {"bytes=0-9"}},
	)
	switch {
	case err != nil:
		c.fail(itemShare, err)
	case res.StatusCode != http.StatusPartialContent:
		c.say(
			itemShare, LevelWarn,
			fmt.Sprintf(
				"A signed link answers %q. Delivery by redirect would not work; by proxy, the default, it does.", res.Status,
			),
		)
	case res.Header.Get("Access-Control-Allow-Origin") == "":
		c.say(
			itemShare, LevelWarn,
			"The bucket has no CORS rule for pages of another origin. Delivery by proxy, the default, needs none; "+
				"for delivery by redirect allow GET and HEAD with the header Range from the address of Movify.",
		)
	default:
		c.say(itemShare, LevelOK, "Browsers may read signed links: delivery by redirect can be used.")
	}
}

// ask sends a request without credentials.
func (c *checking) ask(ctx context.Context, method, url string, header http.Header) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, method, url, nil)
	if err != nil {
		return nil, err
	}
	if header != nil {
		req.Header = header
	}
	res, err := c.plain.Do(req)
	if err != nil {
		return nil, explain(reading, err)
	}
	return res, res.Body.Close()
}

func (c *checking) delete(ctx context.Context, name string) {
	err := errors.Join(c.s.remove(ctx, c.folder+"/large"), c.s.remove(ctx, name))
	if err == nil {
		if _, still := c.s.head(ctx, name); !errors.Is(still, blob.ErrNotFound) {
			err = ErrLacking.Saying(
				"An object is still there after it was deleted. Cleaning up would not free anything.",
			).Because(
				still,
			)
		}
	}
	c.result(itemDelete, err, "An object can be deleted.")
}

func (c *checking) result(name string, err error, words string) {
	if err != nil {
		c.fail(name, err)
		return
	}
	c.say(name, LevelOK, words)
}

// sweep removes objects after an early end. Failures to remove were reported before.
func (c *checking) sweep(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), abortTime)
	defer cancel()
	_ = c.s.remove(ctx, c.folder+"/large")
	_ = c.s.remove(ctx, c.folder+"/small")
}
