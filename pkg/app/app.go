// Package app constructs the components of Movify, connects them by the small interfaces each declares, runs them and
// stops them in reverse. It holds no rules; a rule belongs to the package it is about.
package app
