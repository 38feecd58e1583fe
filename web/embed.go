// Package web carries the built web app inside the binary. It serves nothing itself and knows no routes.
package web

import (
	"embed"
	"fmt"
	"io/fs"
)

//go:embed all:dist
var dist embed.FS

// App is the built web app: index.html, boot.js, assets/… and their .br and .gz forms. In a binary that was built before
// the web app it holds no index.html.
func App() fs.FS {
	sub, err := fs.Sub(dist, "dist")
	if err != nil {
		panic(fmt.Errorf("open the embedded web app: %w", err)) // "dist" is a valid path
	}
	return sub
}
