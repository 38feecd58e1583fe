package main

import (
	"context"
	"fmt"
	"net"

	"movify/pkg/app"
	"movify/pkg/config"
)

type serveCommand struct {
	folders
	Listen string `help:"Address and port to listen on." placeholder:"ADDR"`
}

// Run serves until a signal stops it.
func (c *serveCommand) Run(ctx context.Context, t terminal) error {
	var flags []config.Flag
	if c.Listen != "" {
		flags = append(flags, config.Flag{Key: "server.listen", Set: func(x *config.Config) { x.Server.Listen = c.Listen }})
	}
	l, err := c.load(t, flags...)
	if err != nil {
		return err
	}
	logger := t.logger(l.Log.Level, l.Log.Format)
	for _, note := range l.Notes() {
		logger.Warn(note)
	}
	return app.Serve(ctx, app.ServeOptions{
		Config: l.Config, Version: version(), Logger: logger,
		Started: func(address string, setupNeeded bool) {
			fmt.Fprintf(t.out, "Movify is at %s\n", browserURL(address))
			if setupNeeded {
				fmt.Fprintln(t.out, "Open it in a browser to set it up.")
			}
		},
	})
}

// browserURL is the URL of a listener's address: "[::]:8484" is http://localhost:8484.
func browserURL(address string) string {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return "http://" + address
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "localhost"
	}
	return "http://" + net.JoinHostPort(host, port)
}
