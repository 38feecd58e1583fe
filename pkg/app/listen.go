package app

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/pprof"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"movify/pkg/fault"
)

// ErrListen is returned when an address cannot be listened on.
var ErrListen = fault.New(fault.Conflict, "address_in_use", "The address cannot be listened on.")

// finishWithin is how long running requests may take when the server stops.
const finishWithin = 5 * time.Second

// listen opens the listeners and returns the components that serve them.
func (s *server) listen(ctx context.Context) ([]component, error) {
	main, err := open(ctx, s.config.Server.Listen)
	if err != nil {
		return nil, err
	}
	needed, err := s.accounts.SetupNeeded(ctx)
	if err != nil {
		main.Close()
		return nil, err
	}
	components := []component{{"http", func(ctx context.Context) error {
		if s.o.Started != nil {
			s.o.Started(main.Addr().String(), needed)
		}
		return s.serveHTTP(ctx, main, s.api.Handler())
	}}}
	if s.config.Server.AdminListen == "" {
		return components, nil
	}
	admin, err := open(ctx, s.config.Server.AdminListen)
	if err != nil {
		main.Close()
		return nil, err
	}
	inside := s.adminHandler()
	first := component{"admin http", func(ctx context.Context) error { return s.serveHTTP(ctx, admin, inside) }}
	return append([]component{first}, components...), nil
}

func open(ctx context.Context, address string) (net.Listener, error) {
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", address)
	if err != nil {
		return nil, ErrListen.Saying(fmt.Sprintf(
			"Cannot listen on %s: another program may use it, or it is not an address of this machine.", address)).Because(err)
	}
	return l, nil
}

// serveHTTP serves until ctx ends. Then the server reports that it is not ready, ends the event streams, and waits for
// running requests.
func (s *server) serveHTTP(ctx context.Context, l net.Listener, h http.Handler) error {
	protocols := new(http.Protocols)
	protocols.SetHTTP1(true)
	protocols.SetUnencryptedHTTP2(true) // for reverse proxies that use it
	srv := &http.Server{
		Handler:           h,
		Protocols:         protocols,
		ReadHeaderTimeout: 10 * time.Second,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    32 << 10,
	}
	served := make(chan error, 1)
	go func() { served <- srv.Serve(l) }()
	select {
	case err := <-served:
		return fmt.Errorf("serve %s: %w", l.Addr(), err)
	case <-ctx.Done():
	}
	s.ready.Store(false)
	s.api.Drain()
	finish, cancel := context.WithTimeout(context.WithoutCancel(ctx), finishWithin)
	defer cancel()
	err := srv.Shutdown(finish)
	if errors.Is(err, context.DeadlineExceeded) { // a viewer who waits for a segment is cut off; the player asks again
		err = srv.Close()
	}
	<-served
	return err
}

// adminHandler serves metrics and profiles on the admin listener.
func (s *server) adminHandler() http.Handler {
	registry := prometheus.NewRegistry()
	gauge := func(name, help string, value func() float64) {
		o := prometheus.GaugeOpts{Namespace: "movify", Name: name, Help: help}
		registry.MustRegister(prometheus.NewGaugeFunc(o, value))
	}
	process := collectors.NewProcessCollector(collectors.ProcessCollectorOpts{})
	registry.MustRegister(collectors.NewGoCollector(), process)
	gauge("playbacks_active", "Playbacks that showed a sign of life lately.",
		func() float64 { return float64(s.player.Active()) })
	gauge("encoders_running", "Encoder runs under way.",
		func() float64 { return float64(len(s.transcoder.Running())) })

	mux := http.NewServeMux()
	mux.Handle("/metrics", promhttp.HandlerFor(registry, promhttp.HandlerOpts{}))
	mux.HandleFunc("/debug/pprof/", pprof.Index)
	mux.HandleFunc("/debug/pprof/cmdline", pprof.Cmdline)
	mux.HandleFunc("/debug/pprof/profile", pprof.Profile)
	mux.HandleFunc("/debug/pprof/symbol", pprof.Symbol)
	mux.HandleFunc("/debug/pprof/trace", pprof.Trace)
	return mux
}
