package facade

import "strings"

// deviceName gives a readable name for a User-Agent: "Chrome on Android". Browsers name each other for compatibility, so the
// first match counts. An unknown one is shown up to its first space.
func deviceName(agent string) string {
	program := firstOf(agent, [][2]string{
		{"Tizen", "Samsung TV"}, {"Web0S", "LG TV"}, {"webOS", "LG TV"}, {"AFT", "Fire TV"}, {"CrKey", "Chromecast"},
		{"AppleTV", "Apple TV"},
		{"Apple TV", "Apple TV"}, {"BRAVIA", "Sony TV"}, {"PlayStation", "PlayStation"}, {"Xbox", "Xbox"},
	})
	if program != "" {
		return program
	}
	program = firstOf(agent, [][2]string{
		{"Edg", "Edge"}, {"OPR/", "Opera"}, {"SamsungBrowser", "Samsung Internet"}, {"Firefox", "Firefox"},
		{"FxiOS", "Firefox"},
		{"CriOS", "Chrome"}, {"Chrome", "Chrome"}, {"Safari", "Safari"}, {"AppleCoreMedia", "Safari"}, {"VLC", "VLC"},
	})
	system := firstOf(agent, [][2]string{
		{"iPhone", "iPhone"}, {"iPad", "iPad"}, {"Android", "Android"}, {"CrOS", "Chromebook"}, {"Windows", "Windows"},
		{"Mac OS X", "Mac"}, {"Macintosh", "Mac"}, {"Linux", "Linux"},
	})
	switch {
	case program != "" && system != "":
		return program + " on " + system
	case program != "" || system != "":
		return program + system
	}
	name, _, _ := strings.Cut(agent, " ")
	return name[:min(40, len(name))]
}

// firstOf gives the second element of the first pair whose first element is part of text, or "".
func firstOf(text string, pairs [][2]string) string {
	for _, p := range pairs {
		if strings.Contains(text, p[0]) {
			return p[1]
		}
	}
	return ""
}
