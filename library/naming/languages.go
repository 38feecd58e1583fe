package naming

import "strings"

// languageWords lists the languages in file names, one per line: the BCP 47 tag first, then other words for it. ISO
// 639-2 has two codes for some; names in the language itself count too.
const languageWords = `
ar ara arabic
bg bul bulgarian
bs bos bosnian
ca cat catalan català
cs cze ces czech čeština
cy wel cym welsh
da dan danish dansk
de ger deu german deutsch
el gre ell greek
en eng english
es spa spanish español castellano castilian
es-419 latino lat-es
et est estonian eesti
eu baq eus basque euskara
fa per fas persian farsi
fi fin finnish suomi
fr fre fra french français francais vf vff truefrench
fr-CA vfq québécois
ga gle irish
gl glg galician
he heb hebrew
hi hin hindi
hr hrv croatian hrvatski
hu hun hungarian magyar
hy arm hye armenian
id ind indonesian
is ice isl icelandic
it ita italian italiano
ja jpn japanese jap
ka geo kat georgian
kk kaz kazakh
ko kor korean
lt lit lithuanian
lv lav latvian
mk mac mkd macedonian
ml mal malayalam
ms may msa malay
nb nob bokmål
nl dut nld dutch nederlands flemish
nn nno nynorsk
no nor norwegian norsk
pl pol polish polski
pt por portuguese português portugues
pt-BR pob brazilian pb ptbr
ro rum ron romanian română
ru rus russian
sk slo slk slovak
sl slv slovenian
sq alb sqi albanian
sr srp scc serbian
sv swe swedish svenska
ta tam tamil
te tel telugu
th tha thai
tr tur turkish türkçe
uk ukr ukrainian
vi vie vietnamese
zh chi zho chinese mandarin chs cht
zh-Hans zh-cn
zh-Hant zh-tw cantonese
und mul`

// regions may follow a language.
const regions = " us gb uk ca au fr be ch de at es mx ar co br pt cn tw hk hans hant latn cyrl 419 "

// languages maps each word, in lower case, to its tag.
var languages = func() map[string]string {
	out := make(map[string]string)
	for line := range strings.Lines(languageWords) {
		words := strings.Fields(line)
		for _, w := range words {
			out[strings.ToLower(w)] = words[0]
		}
	}
	return out
}()

// languageOf returns the BCP 47 tag of a word for a language; ok is false for any other word.
func languageOf(word string) (tag string, ok bool) {
	word = strings.ToLower(strings.ReplaceAll(word, "_", "-"))
	if tag, ok = languages[word]; ok {
		return tag, true
	}
	main, region, found := strings.Cut(word, "-")
	if tag = languages[main]; !found || len(tag) != 2 || !strings.Contains(regions, " "+region+" ") {
		return "", false
	}
	if len(region) == 4 { // a script
		return tag + "-" + strings.ToUpper(region[:1]) + region[1:], true
	}
	return tag + "-" + strings.ToUpper(region), true
}
