package matroska

import "fmt"

func (b *headerReader) chapters(data []byte) error {
	count := 0
	for e, err := range children(data) {
		if err != nil {
			return err
		}
		if e.id != idEditionEntry {
			continue
		}
		edition, err := readEdition(e.data)
		if err != nil {
			return err
		}
		if count += len(edition.Chapters); count > maxChapters || len(b.h.Editions) == maxEditions {
			return fmt.Errorf("%w: more than %d chapters or %d editions", ErrTooMuch, maxChapters, maxEditions)
		}
		b.h.Editions = append(b.h.Editions, edition)
	}
	return nil
}

func readEdition(data []byte) (Edition, error) {
	var hidden, standard, ordered uint64
	err := fields(data, map[uint32]*uint64{
		idEditionHidden: &hidden, idEditionDefault: &standard, idEditionOrdered: &ordered,
	})
	edition := Edition{Hidden: hidden != 0, Default: standard != 0, Ordered: ordered != 0}
	if err != nil {
		return edition, err
	}
	for e, err := range children(data) {
		if err != nil {
			return edition, err
		}
		if e.id != idChapterAtom {
			continue
		}
		c, err := readChapter(e.data)
		if err != nil {
			return edition, err
		}
		edition.Chapters = append(edition.Chapters, c)
	}
	return edition, nil
}

func readChapter(data []byte) (Chapter, error) {
	var c Chapter
	hidden, enabled := uint64(0), uint64(1)
	if err := fields(data, map[uint32]*uint64{idChapterHidden: &hidden, idChapterEnabled: &enabled}); err != nil {
		return c, err
	}
	c.Hidden, c.Disabled = hidden != 0, enabled == 0
	for e, err := range children(data) {
		if err != nil {
			return c, err
		}
		var n uint64
		switch e.id {
		case idChapterUID:
			c.UID, err = e.uint()
		case idChapterStart:
			n, err = e.uint()
			c.StartNS = int64(n)
		case idChapterEnd:
			n, err = e.uint()
			c.EndNS, c.HasEnd = int64(n), true
		case idChapterSegment:
			c.Elsewhere = true
		case idChapterShow:
			if c.Title == "" { // the first of several languages
				c.Title, err = chapterText(e.data)
			}
		}
		if err != nil {
			return c, err
		}
	}
	return c, nil
}

func chapterText(data []byte) (text string, err error) {
	for e, err := range children(data) {
		if err != nil {
			return "", err
		}
		if e.id == idChapterText {
			text = e.text()
		}
	}
	return text, nil
}
