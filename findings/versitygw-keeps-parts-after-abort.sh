#!/usr/bin/env bash
# github.com/versity/versitygw v1.8.0, posix backend: a part that ends after its upload was aborted is kept, and no list has
# the upload.
#
# Expected: the part is refused (NoSuchUpload) when it ends, or the upload is in ListMultipartUploads again, where a later
# clean-up finds it.
# Seen: the abort is answered without an error while the body of a part is still being sent; the part is then answered with
# success and an ETag, and its bytes stay on the gateway's disk below .sgwtmp/multipart. ListMultipartUploads shows no upload,
# though ListParts of its ID shows the part. Only a second abort, by one who has remembered the ID, removes it.
# What follows: wait for the parts on their way before an upload is aborted, and do not cut them off: the server may have read one
# whole, and a clean-up by list never finds it. pkg/blob/s3/multipart.go does (TestPartsEndBeforeTheUploadIsAborted).
set -euo pipefail
dir=$(mktemp -d)
trap 'kill "${gateway:-}" 2>/dev/null || true; rm -rf "$dir"' EXIT
cd "$dir"
mkdir bin data
GOBIN=$dir/bin GOFLAGS=-mod=mod go install github.com/versity/versitygw/cmd/versitygw@v1.8.0
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
bin/versitygw --port "127.0.0.1:$port" --access key --secret secretsecret posix "$dir/data" >gateway.log 2>&1 &
gateway=$!
cat >go.mod <<'MOD'
module finding

go 1.24

require github.com/minio/minio-go/v7 v7.4.1
MOD
cat >main.go <<'GO'
package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
)

// slow gives its data and ends only when it may.
type slow struct {
	io.Reader
	begun, mayEnd chan struct{}
	closed        bool
}

func (s *slow) Read(p []byte) (int, error) {
	n, err := s.Reader.Read(p)
	if err == io.EOF && !s.closed {
		s.closed = true
		close(s.begun)
		<-s.mayEnd
		p[0] = 'z'
		return 1, io.EOF
	}
	if err == io.EOF {
		return n, err
	}
	return n, nil
}

func must(err error) {
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
}

func main() {
	ctx := context.Background()
	s, err := minio.NewCore(os.Args[1], &minio.Options{Creds: credentials.NewStaticV4("key", "secretsecret", "")})
	must(err)
	for deadline := time.Now().Add(30 * time.Second); ; time.Sleep(50 * time.Millisecond) {
		if err = s.MakeBucket(ctx, "films", minio.MakeBucketOptions{}); err == nil || time.Now().After(deadline) {
			break
		}
	}
	must(err)
	id, err := s.NewMultipartUpload(ctx, "films", "film", minio.PutObjectOptions{})
	must(err)
	const size = 5 << 20
	body := &slow{Reader: bytes.NewReader(make([]byte, size-1)), begun: make(chan struct{}), mayEnd: make(chan struct{})}
	part := make(chan error, 1)
	go func() {
		_, err := s.PutObjectPart(ctx, "films", "film", id, 1, body, size, minio.PutObjectPartOptions{DisableContentSha256: true})
		part <- err
	}()
	<-body.begun
	fmt.Println("abort while the part is being sent:", code(s.AbortMultipartUpload(ctx, "films", "film", id)))
	close(body.mayEnd)
	fmt.Println("the part:", code(<-part))
	uploads, err := s.ListMultipartUploads(ctx, "films", "", "", "", "", 10)
	fmt.Println("uploads listed:", len(uploads.Uploads), code(err))
	parts, err := s.ListObjectParts(ctx, "films", "film", id, 0, 10)
	fmt.Println("parts of the upload by its ID:", len(parts.ObjectParts), code(err))
	fmt.Println("bytes on the gateway's disk:", kept(os.Args[2]))
	fmt.Println("second abort:", code(s.AbortMultipartUpload(ctx, "films", "film", id)))
	fmt.Println("bytes on the gateway's disk:", kept(os.Args[2]))
}

// kept is how many bytes the files below a folder have.
func kept(dir string) (size int64) {
	must(filepath.WalkDir(dir, func(_ string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() {
			info, err := d.Info()
			must(err)
			size += info.Size()
		}
		return err
	}))
	return size
}

func code(err error) string {
	if err == nil {
		return "ok"
	}
	return minio.ToErrorResponse(err).Code
}
GO
GOFLAGS=-mod=mod go run . "127.0.0.1:$port" "$dir/data" 2>/dev/null >seen || cat seen gateway.log
cat seen
diff - seen <<'WANT'
abort while the part is being sent: ok
the part: ok
uploads listed: 0 ok
parts of the upload by its ID: 1 ok
bytes on the gateway's disk: 5242880
second abort: ok
bytes on the gateway's disk: 0
WANT
