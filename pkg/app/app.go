// Package app is where Movify is put together: it constructs the parts, connects them by the small interfaces each
// declares, runs them and stops them in reverse. It holds no rules; what looks like one belongs to the part it is about.
package app
