package library

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"image"
	"image/jpeg"
	_ "image/png" // posters may be PNG
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/image/draw"

	"movify/pkg/id"
)

const (
	posterWidth  = 500        // pixels
	posterPixels = 50_000_000 // a picture of more is not decoded: it would take 200 MB
	posterBytes  = 64 << 20   // nor is a file of more read
)

// scope is a place that was walked, with what was seen beside the films there.
type scope struct {
	root   Root
	path   string
	beside map[string][]sidecar
}

// wantPosters asks for the posters of places to be brought up to date.
func (s *Service) wantPosters(places []scope) {
	s.mu.Lock()
	s.scopes = append(s.scopes, places...)
	s.mu.Unlock()
	poke(s.painting)
}

// posters brings the posters of the places walked lately up to date.
func (s *Service) posters(ctx context.Context) {
	s.mu.Lock()
	scopes := s.scopes
	s.scopes = nil
	s.mu.Unlock()
	for _, sc := range scopes {
		known, err := s.o.Store.Known(ctx, sc.root.ID, sc.path)
		if err != nil {
			s.artTrouble(ctx, "list the known files", err)
			continue
		}
		for title, c := range choose(known, sc) {
			if err := s.poster(ctx, title, c); err != nil {
				s.artTrouble(ctx, "keep a poster", err)
			}
		}
	}
}

// choice is the picture that is to be a title's poster; path is "" when it is to have none.
type choice struct{ path, mark string }

// choose says which films of a walked place get another poster than they have. A picture is a film's when it carries the
// film's file name, or stands in a folder with no other film.
func choose(known []Known, sc scope) map[id.Title]choice {
	titles := make(map[string]map[id.Title]bool)
	for _, k := range known {
		if dir := filepath.Dir(k.Path); k.State == Present {
			if titles[dir] == nil {
				titles[dir] = make(map[id.Title]bool)
			}
			titles[dir][k.Title] = true
		}
	}
	known = slices.Clone(known)
	slices.SortFunc(known, func(a, b Known) int { return cmp.Compare(a.Path, b.Path) })
	out := make(map[id.Title]choice)
	for _, k := range known {
		if _, done := out[k.Title]; done || k.State != Present || k.TitleKind != Movie {
			continue
		}
		dir := filepath.Dir(k.Path)
		best := pick(sc.beside[dir], k.Path, len(titles[dir]) == 1)
		old := markPath(k.PosterMark)
		switch {
		case best.mark == k.PosterMark:
		case old != "" && filepath.Dir(old) != dir && !sc.lost(old):
			// The poster beside another file of the same film is still there.
		case best.mark != "":
			out[k.Title] = choice{filepath.Join(dir, best.name), best.mark}
		case sc.lost(old):
			out[k.Title] = choice{}
		}
	}
	return out
}

// lost reports whether the walk would have seen the picture at path and did not.
func (sc scope) lost(path string) bool {
	return within(sc.path, path) && !slices.ContainsFunc(sc.beside[filepath.Dir(path)], func(p sidecar) bool {
		return p.name == filepath.Base(path)
	})
}

// pick chooses among the pictures of a folder: "Film-poster.jpg", then, for a film that has the folder to itself,
// "poster.jpg", then "folder.jpg".
func pick(pictures []sidecar, film string, alone bool) sidecar {
	stem, _ := splitName(filepath.Base(film))
	names := []string{strings.ToLower(stem) + "-poster"}
	if alone {
		names = append(names, "poster", "folder")
	}
	for _, want := range names {
		for _, p := range pictures {
			if have, _ := splitName(strings.ToLower(p.name)); have == want && isPicture(p.name) {
				return p
			}
		}
	}
	return sidecar{}
}

// poster makes, keeps and notes one poster; the one before it goes. A picture that cannot be read leaves the title without
// and is not tried again until it changes.
func (s *Service) poster(ctx context.Context, title id.Title, c choice) error {
	cards, err := s.o.Store.Cards(ctx, Unrestricted(), []id.Title{title})
	if err != nil || len(cards) == 0 {
		return err
	}
	key := ""
	if c.path != "" {
		data, err := shrink(c.path)
		if err != nil {
			s.o.Logger.Info("a poster could not be read", "title", title, "err", err)
		} else {
			// A key is never written twice, so another picture has another key.
			key = "art/" + string(title) + "/poster-" + strconv.Itoa(posterWidth) + "-" + hash(c.mark)[:12] + ".jpg"
			if err := s.put(ctx, key, data); err != nil {
				return err
			}
		}
	}
	if err := s.o.Store.SavePoster(ctx, title, key, c.mark); err != nil {
		return fmt.Errorf("note the poster: %w", err)
	}
	if old := cards[0].Poster; old != "" && old != key {
		if err := s.o.Blobs.Delete(ctx, old); err != nil {
			return fmt.Errorf("remove the poster before: %w", err)
		}
	}
	s.tell("title", map[string]string{"title": string(title)})
	return nil
}

// shrink reads a picture and gives it as a JPEG at most posterWidth wide.
func shrink(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if info.Size() > posterBytes {
		return nil, fmt.Errorf("the picture has %d bytes: too many", info.Size())
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	head, _, err := image.DecodeConfig(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("read the picture: %w", err)
	}
	if head.Width <= 0 || head.Height <= 0 || head.Height > posterPixels/head.Width {
		return nil, fmt.Errorf("the picture is %d×%d pixels: too many", head.Width, head.Height)
	}
	full, _, err := image.Decode(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("read the picture: %w", err)
	}
	width := min(posterWidth, head.Width)
	height := max(1, (head.Height*width+head.Width/2)/head.Width)
	small := image.NewRGBA(image.Rect(0, 0, width, height))
	draw.CatmullRom.Scale(small, small.Bounds(), full, full.Bounds(), draw.Src, nil)
	var out bytes.Buffer
	if err := jpeg.Encode(&out, small, &jpeg.Options{Quality: 85}); err != nil {
		return nil, fmt.Errorf("write the picture: %w", err)
	}
	return out.Bytes(), nil
}

// mark tells one state of a picture from another. The path is last because it may hold any character.
func mark(path string, info fs.FileInfo) string {
	return fmt.Sprintf("%d|%d|%s", info.Size(), info.ModTime().UnixNano(), path)
}

// markPath gives the path in a mark, or "".
func markPath(mark string) string {
	parts := strings.SplitN(mark, "|", 3)
	if len(parts) < 3 {
		return ""
	}
	return parts[2]
}
