package library_test

import (
	"testing"

	"movify/library"
)

func TestAgeOf(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int{
		"G": 0, "PG": 8, "PG-13": 13, "Rated PG-13": 13, "Rated R for strong violence": 17, "NC-17": 18, "USA:R": 17,
		"US:PG-13": 13,
		"TV-Y7":    7, "tv-14": 14, "TV-MA": 17, "US:TV-MA": 17,
		"UK:15": 15, "GB:12A": 12, "gb:U": 0, "United Kingdom:PG": 8, "18": 18,
		"FSK 16": 16, "FSK-12": 12, "FSK16": 16, "DE:FSK 12": 12, "DE:0": 0, "Germany:18": 18, "ab 6": 6,
		"FR:U": 0, "FR:12": 12, "FR:-16": 16, "-10": 10, "NL:AL": 0, "NL:16": 16, "Kijkwijzer 9": 9,
		"AU:MA15+": 15, "AU:M": 15, "US:M": 13, "CA:14A": 14, "CA:R": 18, "IT:VM14": 14, "ES:TP": 0, "BR:L": 0,
		"BR:16":   16,
		"JP:R15+": 15, "RU:16+": 16, "12+": 12, "SE:Btl": 0, "SE:11": 11, "FI:K-16": 16, "IN:U/A": 12, "PT:M/12": 12,
		"NZ:R16":       16,
		"US:R / DE:16": 17, "DE:6 / GB:U": 6, "DE:16|FR:12": 16, "Not Rated / DE:12": 12,
	} {
		got, ok := library.AgeOf(text)
		if !ok || got != want {
			t.Errorf("AgeOf(%q) = %d, %v; want %d", text, got, ok, want)
		}
	}
	for _, text := range []string{
		"", "NR", "Not Rated", "Unrated", "US:NR", "?", "99", "DE:", ":", "pending", "R for nothing 1234",
	} {
		if got, ok := library.AgeOf(text); ok {
			t.Errorf("AgeOf(%q) = %d; want nothing", text, got)
		}
	}
}
