// Package mpegts reads MPEG transport streams (ISO/IEC 13818-1): their packets, the tables of their programs, and the headers
// of PES packets. It finds where one was joined to another in one file: where the program clock begins again, or comes in
// packets of another PID; for that it samples large files instead of reading them. It reads from an io.ReaderAt, and bounds
// time and memory whatever the bytes say. It writes segments of one program. It decodes nothing.
package mpegts
