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

// finishWithin is how long requests under way have when the server stops.
const finishWithin = 5 * time.Second

// listen opens the listeners and gives the parts that serve them.
func (s *server) listen(ctx context.Context) ([]part, error) {
	main, err := open(ctx, s.config.Server.Listen)
	if err != nil {
		return nil, err
	}
	needed, err := s.accounts.SetupNeeded(ctx)
	if err != nil {
		main.Close()
		return nil, err
	}
	parts := []part{{"http", func(ctx context.Context) error {
		if s.o.Started != nil {
			s.o.Started(main.Addr().String(), needed)
		}
		return s.answer(ctx, main, s.api.Handler())
	}}}
	if s.config.Server.AdminListen == "" {
		return parts, nil
	}
	admin, err := open(ctx, s.config.Server.AdminListen)
	if err != nil {
		main.Close()
		return nil, err
	}
	inside := s.insights()
	return append([]part{{"admin http", func(ctx context.Context) error { return s.answer(ctx, admin, inside) }}}, parts...), nil
}

func open(ctx context.Context, address string) (net.Listener, error) {
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", address)
	if err != nil {
		return nil, ErrListen.Saying(fmt.Sprintf("Cannot listen on %s: another program may use it, or it is not an address of this machine.", address)).Because(err)
	}
	return l, nil
}

// answer serves until ctx ends. Then it says that it is not ready, ends the streams, and gives requests a moment.
func (s *server) answer(ctx context.Context, l net.Listener, h http.Handler) error {
	protocols := new(http.Protocols)
	protocols.SetHTTP1(true)
	protocols.SetUnencryptedHTTP2(true) // for a reverse proxy that speaks it
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

// insights is what the admin listener shows: metrics and profiles.
func (s *server) insights() http.Handler {
	registry := prometheus.NewRegistry()
	gauge := func(name, help string, value func() float64) {
		registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Namespace: "movify", Name: name, Help: help}, value))
	}
	registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	gauge("playbacks_active", "Playbacks that showed a sign of life lately.", func() float64 { return float64(s.player.Active()) })
	gauge("encoders_running", "Encoder runs under way.", func() float64 { return float64(len(s.transcoder.Running())) })

	mux := http.NewServeMux()
	mux.Handle("/metrics", promhttp.HandlerFor(registry, promhttp.HandlerOpts{}))
	mux.HandleFunc("/debug/pprof/", pprof.Index)
	mux.HandleFunc("/debug/pprof/cmdline", pprof.Cmdline)
	mux.HandleFunc("/debug/pprof/profile", pprof.Profile)
	mux.HandleFunc("/debug/pprof/symbol", pprof.Symbol)
	mux.HandleFunc("/debug/pprof/trace", pprof.Trace)
	return mux
}
