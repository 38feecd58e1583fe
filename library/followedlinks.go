package library

import (
	"path/filepath"
	"slices"
	"strings"
	"sync"
)

// FollowedLinks decides which symbolic links below a root are followed: those that lead to what has no other name there,
// inside the root and the folders that the owner named. So a walk reaches each real folder and file once, whatever the links
// form, and ends. What the root holds itself keeps its own name; of several links to one target the first one wins.
//
// Targets are told apart by their real paths. Device and inode would be shorter, but file systems in user space and
// network shares give inodes that are not unique, and a folder taken for another would be lost.
//
// It is safe for concurrent use.
type FollowedLinks struct {
	root string // as it is named

	mu    sync.Mutex
	into  []string          // real paths
	names map[string]string // the name that a target is reached by, by its real path; the root's own among them
}

// NewFollowedLinks returns the decisions for a root whose links may lead into the root itself and the given folders.
func NewFollowedLinks(root string, into []string) *FollowedLinks {
	real := RealPath(root)
	l := &FollowedLinks{root: root, into: []string{real}, names: map[string]string{real: root}}
	for _, folder := range into {
		l.into = append(l.into, RealPath(folder))
	}
	return l
}

// Root returns the root, as it is named.
func (l *FollowedLinks) Root() string { return l.root }

// Follow decides about a path below the root, in most cases that of a symbolic link, and returns its real path. reaches
// reports whether a walk comes to a name of its own accord; it is asked about the other name of a target that has one.
// The error is ErrLinkOut for a path that leads out, or that of a link that leads nowhere.
func (l *FollowedLinks) Follow(path string, reaches func(name string) bool) (target string, follow bool, err error) {
	if target, err = filepath.EvalSymlinks(path); err != nil {
		return "", false, err
	}
	known := l.currentName(target)
	if known == path {
		return target, true, nil
	}
	if known != "" && reaches(known) {
		return target, false, nil
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.allowed(target) {
		return target, false, ErrLinkOut
	}
	l.names[target] = path
	return target, true, nil
}

// Allows reports whether the link at path leads to where links may.
func (l *FollowedLinks) Allows(path string) bool {
	target, err := filepath.EvalSymlinks(path)
	if err != nil {
		return false
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.allowed(target)
}

// Enters reports whether a walk that has followed a link goes on to a real path by this name: not when another name was
// found for it before.
func (l *FollowedLinks) Enters(target, name string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	known, ok := l.names[target]
	return !ok || known == name
}

// allowed reports whether links may lead to a real path. The caller holds mu.
func (l *FollowedLinks) allowed(target string) bool {
	return slices.ContainsFunc(l.into, func(folder string) bool { return Within(folder, target) })
}

// currentName returns the name of a real path, or "". Links that no longer lead where they did are forgotten.
func (l *FollowedLinks) currentName(target string) string {
	for {
		name, link, end := l.nameOf(target)
		if link == "" || RealPath(link) == end {
			return name
		}
		l.mu.Lock()
		delete(l.names, end)
		l.mu.Unlock()
	}
}

// nameOf returns the name of a real path by the nearest folder around it that has one. link is the link that this name
// goes through and end where it leads; link is "" for what the root holds itself. All are "" for a path without a name.
func (l *FollowedLinks) nameOf(target string) (name, link, end string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for end = target; ; end = filepath.Dir(end) {
		if link, ok := l.names[end]; ok {
			if name = link; end != target {
				name = filepath.Join(link, strings.TrimPrefix(target, end))
			}
			if link == l.root {
				link = ""
			}
			return name, link, end
		}
		if end == filepath.Dir(end) {
			return "", "", ""
		}
	}
}

// RealPath resolves the symbolic links in a path, or returns it unchanged when that fails.
func RealPath(path string) string {
	if real, err := filepath.EvalSymlinks(path); err == nil {
		return real
	}
	return path
}
