# Movify. `make` alone says what there is.
.DEFAULT_GOAL := help
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.ONESHELL:
.DELETE_ON_ERROR:

PORT  ?= 8484
MEDIA ?=
DATA  ?= .cache/run

BIN        := bin/movify
GO_SOURCES := $(shell find cmd library pkg player transcoder web \( -name '*.go' -o -name '*.sql' -o -name '*.txt' \) -not -path '*/node_modules/*' -not -path '*/testdata/*' 2>/dev/null) go.mod go.sum
WEB_SOURCES := $(shell find web -type f -not -path 'web/node_modules/*' -not -path 'web/dist/*' -not -path 'web/test*' 2>/dev/null)
CLIP       := /usr/share/doc/opencv-doc/examples/data/vtest.avi
STATICCHECK := honnef.co/go/tools/cmd/staticcheck@v0.8.2

##@ Use
.PHONY: help run
help: ## Say what there is
	@awk 'BEGIN {FS = ":.*##"} /^##@/ {printf "\n\033[1m%s\033[0m\n", substr($$0, 5)} /^[a-z-]+:.*##/ {printf "  %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
	@echo; echo "Variables: MEDIA=dir of films for 'make run' (default: a demo library is made), PORT=$(PORT), DATA=$(DATA)"

run: setup build ## Build and start the server: make run [MEDIA=dir] [PORT=8484]
	media="$(MEDIA)"
	if [ -z "$$media" ]; then
		media="$${XDG_CACHE_HOME:-$$HOME/.cache}/movify/demo-library"
		scripts/demo-library.sh "$$media"
	fi
	exec $(BIN) serve --data "$(DATA)" --library "$$media" --listen "127.0.0.1:$(PORT)"

##@ Build
.PHONY: build web openapi format
build: $(BIN) ## The binary with the web app inside: bin/movify

$(BIN): web/dist/index.html $(GO_SOURCES)
	CGO_ENABLED=0 go build -trimpath -ldflags="-s -w" -o $@ ./cmd/movify

web: web/dist/index.html ## The web app: web/dist

web/dist/index.html: web/node_modules/.package-lock.json $(WEB_SOURCES)
	cd web && npm run build

web/node_modules/.package-lock.json: web/package.json web/package-lock.json
	cd web && npm ci --no-audit --no-fund
	touch node_modules/.package-lock.json

openapi: web/node_modules/.package-lock.json ## Write pkg/api/openapi.yaml and the web app's types from the operations
	go test ./pkg/api -run TestDocumentIsCurrent -update
	cd web && npm run api

format: web/node_modules/.package-lock.json ## Format Go and TypeScript
	gofmt -w cmd library pkg player transcoder bench web/embed.go
	cd web && node scripts/biome.mjs check --write .

##@ Prove
.PHONY: setup test test-go test-web test-e2e check bench
setup: ## Install what is missing on this machine (Debian, Ubuntu)
	@scripts/setup.sh

test: setup test-go test-web test-e2e ## All tests, with real ffmpeg and real Chromium

test-go: web/dist/index.html
	REQUIRE_ALL=1 go test -timeout 30m ./...

test-web: web/node_modules/.package-lock.json
	cd web && npm test

test-e2e: build
	cd web && REQUIRE_ALL=1 MOVIFY_BIN="$(abspath $(BIN))" MOVIFY_CLIP="$(CLIP)" npm run e2e

check: web/node_modules/.package-lock.json ## Format, vet, staticcheck, architecture, web checks, changelog
	scripts/check-format.sh
	go vet ./...
	go run $(STATICCHECK) ./...
	go test ./pkg/archtest
	scripts/check-changelog.sh
	cd web && npm run check

bench: setup build ## Ratios against plain ffmpeg and nginx, side by side
	go run ./bench -movify "$(abspath $(BIN))"
