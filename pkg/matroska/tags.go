package matroska

import "fmt"

func (b *headerReader) tags(data []byte) error {
	for e, err := range children(data) {
		if err != nil {
			return err
		}
		if e.id != idTag {
			continue
		}
		about, err := readTargets(e.data)
		if err != nil {
			return err
		}
		if err := b.simpleTags(e.data, about, "", 0); err != nil {
			return err
		}
	}
	return nil
}

// readTargets finds what a Tag is about.
func readTargets(tag []byte) (Tag, error) {
	var about Tag
	for e, err := range children(tag) {
		if err != nil {
			return about, err
		}
		if e.id != idTargets {
			continue
		}
		for t, err := range children(e.data) {
			if err != nil {
				return about, err
			}
			if t.id == idTargetType {
				about.TargetType = t.text()
			}
		}
		if err := fields(e.data, map[uint32]*uint64{
			idTagTrack: &about.Track, idTagEdition: &about.Edition,
			idTagChapter: &about.Chapter, idTagAttachment: &about.Attachment,
		}); err != nil {
			return about, err
		}
	}
	return about, nil
}

// simpleTags reads the SimpleTags in a Tag, or in a SimpleTag whose name is outer.
func (b *headerReader) simpleTags(data []byte, about Tag, outer string, depth int) error {
	if depth == maxTagDepth {
		return nil
	}
	for e, err := range children(data) {
		if err != nil {
			return err
		}
		if e.id != idSimpleTag {
			continue
		}
		if len(b.h.Tags) == maxTags {
			return fmt.Errorf("%w: more than %d tags", ErrTooMuch, maxTags)
		}
		t, err := readSimpleTag(e.data, about, outer)
		if err != nil {
			return err
		}
		if t.Name == outer {
			continue // without a name it says nothing
		}
		b.h.Tags = append(b.h.Tags, t)
		if err := b.simpleTags(e.data, about, t.Name+"/", depth+1); err != nil {
			return err
		}
	}
	return nil
}

func readSimpleTag(data []byte, about Tag, outer string) (Tag, error) {
	t := about
	t.Name, t.Language = outer, "und"
	for e, err := range children(data) {
		if err != nil {
			return t, err
		}
		switch e.id {
		case idTagName:
			t.Name = outer + e.text()
		case idTagString:
			t.Value = e.text()
		case idTagLanguage:
			t.Language = e.text()
		case idTagDefault:
			n, err := e.uint()
			if err != nil {
				return t, err
			}
			t.Default = n != 0
		}
	}
	return t, nil
}
