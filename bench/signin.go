package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"
)

const (
	guesses     = 80 // wrong sign-ins at once
	signInReps  = 3  // sign-ins of each kind for one of -reps
	signInLimit = 3  // largest ratio of an honest sign-in among guesses to one without
)

// signIn measures an honest sign-in while many wrong ones come from another network, against one without them.
func signIn(ctx context.Context, o options) (err error) {
	dir, remove, err := o.scratch("signin")
	if err != nil {
		return err
	}
	defer remove()
	films, data := filepath.Join(dir, "library"), filepath.Join(dir, "data")
	if err := os.Mkdir(films, 0o755); err != nil {
		return err
	}
	s, err := serve(ctx, o, data, films)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.stop()) }()
	took := &pair{name: "an honest sign-in", unit: "s", limit: signInLimit}
	for rep := range signInReps * o.reps {
		alone, err := s.honestSignIn(ctx)
		if err != nil {
			return err
		}
		network := fmt.Sprintf("127.2.%d.1", rep) // each storm has its own, or the throttle would end it
		var storm sync.WaitGroup
		failed := make([]error, guesses)
		for n := range guesses {
			storm.Go(func() { failed[n] = s.guess(ctx, network, n) })
		}
		among, err := s.honestSignIn(ctx)
		storm.Wait()
		if err := errors.Join(err, errors.Join(failed...)); err != nil {
			return err
		}
		took.add(among.Seconds(), alone.Seconds())
	}
	return took.report(o, fmt.Sprintf("without %d wrong ones", guesses))
}

// honestSignIn signs the owner in.
func (s *server) honestSignIn(ctx context.Context) (time.Duration, error) {
	status, took, err := s.signInFrom(ctx, "127.1.0.1", ownerEmail, ownerPassword)
	if err == nil && status != http.StatusOK {
		err = fmt.Errorf("an honest sign-in: %d", status)
	}
	return took, err
}

// guess tries a wrong password from an address.
func (s *server) guess(ctx context.Context, address string, n int) error {
	status, _, err := s.signInFrom(ctx, address, fmt.Sprintf("guess%d@example.org", n), "wrong")
	refusals := []int{http.StatusUnauthorized, http.StatusTooManyRequests, http.StatusServiceUnavailable}
	if err == nil && !slices.Contains(refusals, status) {
		err = fmt.Errorf("a wrong sign-in: %d", status)
	}
	return err
}

// signInFrom signs in, or tries to, from an address of this machine, on a connection of its own.
func (s *server) signInFrom(
	ctx context.Context, address, email, password string,
) (status int, took time.Duration, err error) {
	body, err := json.Marshal(map[string]string{"email": email, "password": password})
	if err != nil {
		return 0, 0, err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, s.url+"/api/v1/auth/sign-in", bytes.NewReader(body))
	if err != nil {
		return 0, 0, err
	}
	r.Header.Set("Content-Type", "application/json")
	dialer := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(address)}}
	client := http.Client{
		Timeout: patience, Transport: &http.Transport{DisableKeepAlives: true, DialContext: dialer.DialContext},
	}
	began := time.Now()
	res, err := client.Do(r)
	if err != nil {
		return 0, 0, err
	}
	defer res.Body.Close()
	_, err = io.Copy(io.Discard, res.Body)
	return res.StatusCode, time.Since(began), err
}
