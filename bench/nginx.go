package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path"
	"path/filepath"
	"time"
)

// webserver is a running nginx with one file to give.
type webserver struct {
	*daemon
	url string
}

// nginx serves the folder of a file as nginx's own documentation says for large files: sendfile, no log. It is one
// process, so that its CPU time is in one place.
func nginx(ctx context.Context, dir, file string) (*webserver, error) {
	address, err := freeAddress()
	if err != nil {
		return nil, err
	}
	config := filepath.Join(dir, "nginx.conf")
	text := fmt.Sprintf(`daemon off;
master_process off;
worker_processes 1;
pid %[1]s/nginx.pid;
error_log %[1]s/nginx.log warn;
events { worker_connections 256; }
http {
	access_log off;
	sendfile on;
	tcp_nopush on;
	keepalive_requests 1000000;
	types { video/mp4 m4s mp4; }
	client_body_temp_path %[1]s/body;
	proxy_temp_path %[1]s/proxy;
	fastcgi_temp_path %[1]s/fastcgi;
	uwsgi_temp_path %[1]s/uwsgi;
	scgi_temp_path %[1]s/scgi;
	server { listen %[2]s; root %[3]q; }
}
`, dir, address, filepath.Dir(file))
	if err := os.WriteFile(config, []byte(text), 0o644); err != nil {
		return nil, err
	}
	d, err := launch(nil, &words{}, "nginx", "-c", config, "-p", dir)
	if err != nil {
		return nil, err
	}
	err = until(ctx, patience, "nginx answers", func() (bool, error) {
		select {
		case <-d.exited:
			return false, fmt.Errorf("nginx ended at once: %s", d.words)
		default:
		}
		c, err := net.DialTimeout("tcp", address, time.Second)
		if err != nil {
			return false, nil // not yet
		}
		return true, c.Close()
	})
	if err != nil {
		return nil, errors.Join(err, d.stop())
	}
	return &webserver{daemon: d, url: "http://" + address + "/" + path.Base(file)}, nil
}
