# Movify. `make` alone says what there is.
.DEFAULT_GOAL := help
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.ONESHELL:
.DELETE_ON_ERROR:

PORT  ?= 8484
MEDIA ?=
DATA  ?= .cache/run
N     ?= 10
ROWS  ?= .

BIN        := bin/movify
GO_SOURCES := $(shell find cmd library pkg player transcoder web \( -name '*.go' -o -name '*.sql' -o -name '*.txt' \) -not -path '*/node_modules/*' -not -path '*/testdata/*' 2>/dev/null) go.mod go.sum
WEB_SOURCES := $(shell find web -type f -not -path 'web/node_modules/*' -not -path 'web/dist/*' -not -path 'web/test*' -not -path 'web/lint/*' 2>/dev/null)
BUILD_MODULES := web/node_modules/.for-build
TEST_MODULES  := web/node_modules/.for-tests
# Both lie in one folder, so that only one of them may be installed at a time: where tests are made, theirs serve the build too.
WEB_MODULES   := $(if $(filter-out help run build web bench setup%,$(MAKECMDGOALS)),$(TEST_MODULES),$(BUILD_MODULES))
CLIP       := /usr/share/doc/opencv-doc/examples/data/vtest.avi
STATICCHECK := honnef.co/go/tools/cmd/staticcheck@v0.8.2

# With -trimpath a build does not depend on the folder it happens in, so every clone on a machine shares one build cache.
export GOFLAGS := -trimpath $(GOFLAGS)

##@ Use
.PHONY: help run
help: ## Say what there is
	@awk 'BEGIN {FS = ":.*##"} /^##@/ {printf "\n\033[1m%s\033[0m\n", substr($$0, 5)} /^[a-z-]+:.*##/ {printf "  %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
	@echo; echo "Variables: MEDIA=dir of films for 'make run' (default: a demo library is made), PORT=$(PORT), DATA=$(DATA)"

run: setup-run build ## Build and start the server: make run [MEDIA=dir] [PORT=8484]
	@media="$(MEDIA)"
	if [ -z "$$media" ]; then
		media="$${XDG_CACHE_HOME:-$$HOME/.cache}/movify/demo-library"
		scripts/demo-library.sh "$$media"
	fi
	exec $(BIN) serve --data "$(DATA)" --library "$$media" --listen "127.0.0.1:$(PORT)"

##@ Build
.PHONY: build web openapi format
build: $(BIN) ## The binary with the web app inside: bin/movify

$(BIN): web/dist/index.html $(GO_SOURCES)
	@scripts/quietly.sh "build the server" env CGO_ENABLED=0 go build -ldflags="-s -w" -o $@ ./cmd/movify

web: web/dist/index.html ## The web app: web/dist

web/dist/index.html: $(WEB_MODULES) $(WEB_SOURCES)
	@cd web && ../scripts/quietly.sh "build the web app" npm run build

# The packages that the web app is built with, and those that testing and checking need besides.
$(BUILD_MODULES): web/package.json web/package-lock.json
	@cd web && ../scripts/quietly.sh "install what the web app is built with" npm ci --omit=dev --no-audit --no-fund
	touch node_modules/.for-build

$(TEST_MODULES): web/package.json web/package-lock.json web/lint/package.json web/lint/package-lock.json
	@cd web && ../scripts/quietly.sh "install the web app's packages" npm ci --no-audit --no-fund
	../scripts/quietly.sh "install the linter" npm ci --prefix lint --no-audit --no-fund
	touch node_modules/.for-build node_modules/.for-tests

openapi: $(TEST_MODULES) ## Write pkg/api/openapi.yaml and the web app's types from the operations
	go test ./pkg/api -run TestDocumentIsCurrent -update
	cd web && npm run api

format: $(TEST_MODULES) ## Format Go and TypeScript
	gofmt -w cmd library pkg player transcoder bench web/embed.go
	cd web && node scripts/biome.mjs check --write .

##@ Prove
.PHONY: setup setup-run setup-bench test test-go test-parts test-whole test-web test-e2e check check-go check-web old flaky fuzz media bench
setup: ## Install what testing needs and this machine lacks (Debian, Ubuntu)
	@scripts/setup.sh test

setup-run:
	@scripts/setup.sh run

setup-bench:
	@scripts/setup.sh bench

test: test-go test-web test-e2e ## All tests, with real ffmpeg and real Chromium

test-go: test-parts test-whole

test-parts: | setup
	@REQUIRE_ALL=1 scripts/test-go.sh parts

test-whole: $(TEST_MODULES) $(BIN) | setup
	@REQUIRE_ALL=1 MOVIFY_BIN="$(abspath $(BIN))" scripts/test-go.sh whole

test-web: $(TEST_MODULES)
	@cd web && npm --silent test

test-e2e: $(TEST_MODULES) $(BIN) | setup
	@cd web && REQUIRE_ALL=1 MOVIFY_BIN="$(abspath $(BIN))" MOVIFY_CLIP="$(CLIP)" npm --silent run e2e

check: check-go check-web ## Format, vet, staticcheck, architecture, web checks, changelog

# After the program, which many tests wait for, where all is made at once.
check-go check-web: | $(BIN)

check-go: $(TEST_MODULES) web/dist/index.html
	@scripts/quietly.sh "gofmt" scripts/check-format.sh
	scripts/quietly.sh "go.mod" scripts/check-modules.sh
	scripts/quietly.sh "list of dependencies" scripts/list-dependencies.sh --check
	scripts/quietly.sh "go vet" go vet ./...
	scripts/quietly.sh "staticcheck" go run $(STATICCHECK) ./...
	scripts/quietly.sh "dead code" scripts/check-deadcode.sh
	scripts/quietly.sh "architecture" go test -count=1 ./pkg/archtest
	scripts/quietly.sh "changelog" scripts/check-changelog.sh

check-web: $(TEST_MODULES) web/dist/index.html
	@cd web && ../scripts/quietly.sh "check the web app" npm run check

old: $(TEST_MODULES) $(BIN) | setup ## The web app on the oldest browsers that are supported: televisions' engines
	@cd web && MOVIFY_BIN="$(abspath $(BIN))" MOVIFY_CLIP="$(CLIP)" npm --silent run old

flaky: $(TEST_MODULES) $(BIN) | setup ## All tests N times, half of them on a busy machine, in random order: make flaky [N=10]
	@N="$(N)" MOVIFY_BIN="$(abspath $(BIN))" MOVIFY_CLIP="$(CLIP)" scripts/flaky.sh

fuzz: | setup ## Random input for each parser of what strangers send: make fuzz [FUZZTIME=30s] [ONLY=pattern]
	@scripts/fuzz.sh

media: $(BIN) | setup ## Every kind of file in docs/media.md, measured: make media [ROWS=pattern]
	@MOVIFY_BIN="$(abspath $(BIN))" go test ./bench -v -count=1 -timeout 2h -parallel 1 -run '^TestMediaRows$$' -rows "$(ROWS)"

bench: setup-bench build ## Ratios against plain ffmpeg and nginx, side by side
	@go run ./bench -movify "$(abspath $(BIN))"
