package natsqueue

import (
	"errors"
	"fmt"
	"log/slog"
	"os"

	"github.com/nats-io/nats-server/v2/server"

	"movify/pkg/perm"
)

// startServer runs a NATS server that nothing outside the process can reach.
func startServer(dir string, log *slog.Logger) (_ *server.Server, stop func() error, err error) {
	remove := func() error { return nil }
	if dir == "" {
		// JetStream wants a folder even when all of its streams are in memory.
		if dir, err = os.MkdirTemp("", "movify-queue-"); err != nil {
			return nil, nil, fmt.Errorf("make a folder for the server: %w", err)
		}
		remove = func() error { return os.RemoveAll(dir) }
	} else if err = os.MkdirAll(dir, perm.OwnFolder); err != nil {
		// The server would report this in its log only.
		return nil, nil, fmt.Errorf("make a folder for the server: %w", err)
	}
	s, err := server.NewServer(&server.Options{
		ServerName:             "movify",
		DontListen:             true,
		NoSigs:                 true, // the process handles signals
		JetStream:              true,
		DisableJetStreamBanner: true,
		StoreDir:               dir,
		JetStreamMaxMemory:     64 << 20,
		JetStreamMaxStore:      1 << 30,
	})
	if err != nil {
		return nil, nil, errors.Join(fmt.Errorf("make the server: %w", err), remove())
	}
	s.SetLoggerV2(serverLog{log}, false, false, false)
	stop = func() error {
		s.Shutdown()
		s.WaitForShutdown()
		return remove()
	}
	s.Start()
	if !s.ReadyForConnections(callTimeout) {
		return nil, nil, errors.Join(errors.New("the embedded server does not come up"), stop())
	}
	return s, stop, nil
}

// serverLog passes the server's log on. Its notices (start, stop, folders) are only of interest to a developer.
type serverLog struct{ log *slog.Logger }

func (l serverLog) Noticef(f string, v ...any) { l.log.Debug("nats", "notice", fmt.Sprintf(f, v...)) }
func (l serverLog) Debugf(f string, v ...any)  { l.log.Debug("nats", "debug", fmt.Sprintf(f, v...)) }
func (l serverLog) Tracef(f string, v ...any)  { l.log.Debug("nats", "trace", fmt.Sprintf(f, v...)) }
func (l serverLog) Warnf(f string, v ...any)   { l.log.Warn("nats", "warning", fmt.Sprintf(f, v...)) }
func (l serverLog) Errorf(f string, v ...any)  { l.log.Error("nats", "error", fmt.Sprintf(f, v...)) }
func (l serverLog) Fatalf(f string, v ...any)  { l.log.Error("nats", "fatal", fmt.Sprintf(f, v...)) }
