# The web app.
FROM node:22-bookworm-slim AS web
WORKDIR /src/web
COPY web/package.json web/package-lock.json web/.npmrc* ./
RUN npm ci --omit=dev --no-audit --no-fund
COPY web/ ./
COPY pkg/api/openapi.yaml /src/pkg/api/openapi.yaml
RUN npm run build

# The binary.
FROM golang:1.26-bookworm AS build
WORKDIR /src
COPY go.mod go.sum ./
COPY third_party/ third_party/
RUN go mod download
COPY . .
COPY --from=web /src/web/dist web/dist
RUN CGO_ENABLED=0 go build -trimpath -ldflags="-s -w" -o /movify ./cmd/movify

# What runs: ffmpeg, the binary, and a user that is not root. Mount films read-only at /media.
FROM debian:bookworm-slim
RUN apt-get update && apt-get install -y --no-install-recommends ffmpeg ca-certificates && rm -rf /var/lib/apt/lists/* \
	&& useradd --system --uid 8484 --home-dir /data movify \
	&& install -d -o movify -g movify /media \
	&& install -d -m 0750 -o movify -g movify /data
COPY --from=build /movify /usr/local/bin/movify
USER movify
ENV MOVIFY_DATA_DIR=/data MOVIFY_LIBRARY_ROOTS=/media MOVIFY_SERVER_LISTEN=:8484
VOLUME /data
EXPOSE 8484
HEALTHCHECK --interval=30s --timeout=6s --start-period=30s CMD ["movify", "doctor", "--health", "http://127.0.0.1:8484"]
ENTRYPOINT ["movify"]
CMD ["serve"]
