// Package ffmpeg is the only door to the ffmpeg and ffprobe programs: it builds their arguments, runs them and reads
// what they say. It decides nothing about segments or ladders. Arguments are made of numbers and names we chose; the
// one piece of foreign text, the path, is always absolute, behind "file:", and never inside a filter.
package ffmpeg
