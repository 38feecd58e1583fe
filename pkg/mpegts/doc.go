// Package mpegts finds where one MPEG transport stream (ISO/IEC 13818-1) was joined to another in one file: where the
// program clock begins again, or comes in packets of another PID. It reads packet headers and clocks from an
// io.ReaderAt, samples large files instead of reading them, and bounds time and memory whatever the bytes say. It never
// writes, and decodes nothing.
package mpegts
