#!/usr/bin/env bash
# net/http of Go 1.26: a request for the last 0 bytes is answered with 206 and a Content-Range that ends before it begins.
#
# Expected: 416 to "Range: bytes=-0". RFC 9110 section 14.1.2: a suffix range of length 0 is unsatisfiable.
# Seen: http.ServeContent answers 206 Partial Content, "Content-Range: bytes 10-9/10" and no bytes.
# What follows: player/links.go (withRange) hands http.ServeContent a range behind the end instead, which it answers with 416.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
cat >go.mod <<'MOD'
module finding

go 1.26
MOD
cat >main.go <<'GO'
package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"time"
)

func main() {
	r := httptest.NewRequest("GET", "/", nil)
	r.Header.Set("Range", "bytes=-0")
	w := httptest.NewRecorder()
	http.ServeContent(w, r, "", time.Time{}, strings.NewReader("0123456789"))
	fmt.Println(w.Code, w.Header().Get("Content-Range"))
}
GO
got=$(go run .)
echo "$got"
test "$got" = "206 bytes 10-9/10"
