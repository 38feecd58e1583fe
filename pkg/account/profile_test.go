package account_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"movify/pkg/account"
	"movify/pkg/blob"
	"movify/pkg/blob/blobtest"
	"movify/pkg/fault"
	"movify/pkg/id"
	"movify/pkg/picture/picturetest"
	"movify/pkg/store"
)

var errPassword = fault.New(fault.Forbidden, "password_wrong", "That is not the password.")

// Confirm knows one password.
func (quick) Confirm(_ context.Context, _ id.Account, password, _ string) error {
	if password != "right" {
		return errPassword
	}
	return nil
}

var (
	proven = account.Proof{Password: "right"}
	wrong  = account.Proof{Password: "wrong"}
	none   = account.Proof{}
)

// profileHarness is anna's account with her own profile, and a clock that is set by hand.
type profileHarness struct {
	*account.Service
	t     *testing.T
	now   time.Time
	anna  id.Viewer
	blobs *blobtest.Memory
	out   []string // signed-out profiles
}

func (f *profileHarness) SignOutProfile(_ context.Context, _ id.Account, p id.Profile, keep id.SignIn) error {
	f.out = append(f.out, string(p)+" but "+string(keep))
	return nil
}

func newFamily(t *testing.T) *profileHarness {
	t.Helper()
	db, err := store.Open(t.Context(), store.Options{Path: filepath.Join(t.TempDir(), "movify.db")})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	f := &profileHarness{t: t, now: time.UnixMilli(1_800_000_000_000).UTC(), blobs: blobtest.NewMemory()}
	f.Service = account.New(account.Options{
		Store: db.Accounts(), Hasher: quick{}, Passwords: quick{}, Blobs: f.blobs, Devices: f, Clock: func() time.Time { return f.now },
	})
	a, p, err := f.Setup(t.Context(), anna())
	if err != nil {
		t.Fatal(err)
	}
	f.anna = id.Viewer{Account: a.ID, Profile: p.ID}
	return f
}

func named(name string) account.ProfileChange { return account.ProfileChange{Name: account.To(name)} }

func kids(name string) account.ProfileChange {
	c := named(name)
	c.Kids = account.To(true)
	return c
}

// add makes a profile as anna does.
func (f *profileHarness) add(c account.ProfileChange) account.Profile {
	f.t.Helper()
	p, err := f.AddProfile(f.t.Context(), f.anna, c, none)
	if err != nil {
		f.t.Fatal(err)
	}
	return p
}

func (f *profileHarness) as(p account.Profile) id.Viewer {
	return id.Viewer{Account: f.anna.Account, Profile: p.ID}
}

func (f *profileHarness) expect(want error, got error, what string) {
	f.t.Helper()
	if !errors.Is(got, want) || want == nil && got != nil {
		f.t.Errorf("%s: %v, want %v", what, got, want)
	}
}

func TestANewProfile(t *testing.T) {
	t.Parallel()
	f := newFamily(t)
	p := f.add(named("  Ben   the 2nd "))
	if p.Name != "Ben the 2nd" || p.MaxAge != account.NoLimit || !p.Unrated || p.Kids || p.Restricted() || !p.AutoplayNext || p.Default || len(p.Color) != 7 {
		t.Errorf("%+v", p)
	}
	kid := f.add(kids("Mia"))
	if !kid.Kids || kid.MaxAge != 7 || kid.Unrated || !kid.Restricted() {
		t.Errorf("a kids profile is %+v", kid)
	}
	c := kids("Tom")
	c.MaxAge, c.Unrated, c.Language, c.AudioLanguage, c.Avatar = account.To(12), account.To(true), account.To("FR"), account.To("en-gb"), account.To("owl")
	if tom := f.add(c); tom.MaxAge != 12 || !tom.Unrated || tom.Language != "fr" || tom.AudioLanguage != "en-GB" || tom.Avatar != "owl" {
		t.Errorf("%+v", tom)
	}
}

func TestRulesOfProfiles(t *testing.T) {
	t.Parallel()
	f := newFamily(t)
	with := func(change func(*account.ProfileChange)) account.ProfileChange {
		c := named("Ben")
		change(&c)
		return c
	}
	for what, c := range map[string]struct {
		change account.ProfileChange
		want   error
	}{
		"no name":           {named(" \t"), account.ErrProfileName},
		"21 characters":     {named(strings.Repeat("é", 21)), account.ErrProfileName},
		"a control letter":  {named("a\x00b"), account.ErrProfileName},
		"turned text":       {named("a\u202eb"), account.ErrProfileName},
		"not UTF-8":         {named("a\xff"), account.ErrProfileName},
		"nothing to see":    {named("\u200b\u200d"), account.ErrProfileName},
		"a taken name":      {named("ANNA"), account.ErrProfileTaken},
		"an unknown avatar": {with(func(c *account.ProfileChange) { c.Avatar = account.To("mouse") }), account.ErrAvatar},
		"an age of 22":      {with(func(c *account.ProfileChange) { c.MaxAge = account.To(22) }), account.ErrMaturity},
		"an age of -2":      {with(func(c *account.ProfileChange) { c.MaxAge = account.To(-2) }), account.ErrMaturity},
		"kids of any age": {with(func(c *account.ProfileChange) {
			c.Kids, c.MaxAge = account.To(true), account.To(account.NoLimit)
		}), account.ErrMaturity},
		"no language":   {with(func(c *account.ProfileChange) { c.SubtitleLanguage = account.To("klingon!") }), account.ErrLanguage},
		"a short PIN":   {with(func(c *account.ProfileChange) { c.PIN = account.To("123") }), account.ErrPIN},
		"a word as PIN": {with(func(c *account.ProfileChange) { c.PIN = account.To("abcd") }), account.ErrPIN},
	} {
		_, err := f.AddProfile(t.Context(), f.anna, c.change, none)
		f.expect(c.want, err, what)
	}
	if diff := cmp.Diff(24, len(account.Avatars())); diff != "" {
		t.Error(diff)
	}
}

func TestTheEighthProfileIsRefused(t *testing.T) {
	t.Parallel()
	f := newFamily(t)
	errs := make([]error, 20)
	var wg sync.WaitGroup
	for i := range errs {
		wg.Go(func() {
			_, errs[i] = f.AddProfile(t.Context(), f.anna, named(fmt.Sprint("Profile ", i)), none)
		})
	}
	wg.Wait()
	made := 0
	for _, err := range errs {
		if err == nil {
			made++
		} else if !errors.Is(err, account.ErrProfileLimit) {
			t.Error(err)
		}
	}
	if all, err := f.Profiles(t.Context(), f.anna.Account); err != nil || len(all) != 7 || made != 6 {
		t.Errorf("%d made, %d there (%v), want 6 and 7", made, len(all), err)
	}
}

func TestWhatTakesThePassword(t *testing.T) {
	t.Parallel()
	f := newFamily(t)
	c := named("Teen")
	c.MaxAge = account.To(12)
	teen, ben := f.add(c), f.add(named("Ben"))
	change := func(who, what account.Profile, c account.ProfileChange, p account.Proof) error {
		_, err := f.ChangeProfile(t.Context(), f.as(who), what.ID, c, p)
		return err
	}
	older := account.ProfileChange{MaxAge: account.To(16)}
	for _, who := range []account.Profile{teen, ben} {
		f.expect(account.ErrPasswordNeeded, change(who, teen, older, none), "a higher limit")
		f.expect(errPassword, change(who, teen, older, wrong), "a higher limit with a wrong password")
		f.expect(account.ErrPasswordNeeded, change(who, teen, account.ProfileChange{MaxAge: account.To(account.NoLimit)}, none), "no limit")
	}
	f.expect(nil, change(teen, teen, account.ProfileChange{MaxAge: account.To(10), Unrated: account.To(false)}, none), "a lower limit")
	f.expect(account.ErrPasswordNeeded, change(teen, teen, account.ProfileChange{Unrated: account.To(true)}, none), "what is not rated")
	f.expect(nil, change(teen, teen, older, proven), "a higher limit with the password")
	f.expect(account.ErrPasswordNeeded, change(teen, ben, account.ProfileChange{PIN: account.To("1234")}, none), "locking somebody out")
	f.expect(nil, change(ben, ben, account.ProfileChange{PIN: account.To("1234")}, none), "a first PIN")
	f.expect(account.ErrPasswordNeeded, change(ben, ben, account.ProfileChange{PIN: account.To("4321")}, none), "another PIN")
	f.expect(account.ErrPasswordNeeded, change(ben, ben, account.ProfileChange{PIN: account.To("")}, none), "no PIN")
	f.expect(nil, change(ben, ben, account.ProfileChange{PIN: account.To("")}, proven), "no PIN with the password")

	begin := account.ProfileChange{Default: account.To(true)}
	f.expect(account.ErrPasswordNeeded, change(teen, teen, begin, none), "to be the one that sign-ins begin with")
	f.expect(nil, change(teen, teen, begin, proven), "the same with the password")
	f.expect(nil, change(ben, ben, begin, none), "the same of a profile without limits")

	_, err := f.AddProfile(t.Context(), f.as(teen), named("Free"), none)
	f.expect(account.ErrPasswordNeeded, err, "a way around one's own limits")
	_, err = f.AddProfile(t.Context(), f.as(teen), kids("Mia"), none)
	f.expect(nil, err, "a profile with more limits")
	f.expect(account.ErrPasswordNeeded, f.RemoveProfile(t.Context(), f.as(teen), "s", ben.ID, none), "removal")
	_, err = f.SetPicture(t.Context(), f.as(teen), ben.ID, drawing(t, 4, 4))
	f.expect(account.ErrPasswordNeeded, err, "somebody else's picture")
}

func TestSomebodyStaysWhoIsNotForKids(t *testing.T) {
	t.Parallel()
	f := newFamily(t)
	mia := f.add(kids("Mia"))
	f.expect(account.ErrProfileLast, f.RemoveProfile(t.Context(), f.anna, "s", f.anna.Profile, proven), "the last for grown-ups")
	_, err := f.ChangeProfile(t.Context(), f.anna, f.anna.Profile, account.ProfileChange{Kids: account.To(true)}, none)
	f.expect(account.ErrProfileLast, err, "the last for grown-ups made one for kids")
	if len(f.out) != 0 {
		t.Errorf("signed out for nothing: %v", f.out)
	}
	f.expect(nil, f.RemoveProfile(t.Context(), f.anna, "s", mia.ID, proven), "a kids profile")
	if diff := cmp.Diff([]string{string(mia.ID) + " but s"}, f.out); diff != "" {
		t.Errorf("signed out (-want +got):\n%s", diff)
	}
	f.expect(account.ErrProfileLast, f.RemoveProfile(t.Context(), f.anna, "s", f.anna.Profile, proven), "the last of all")
}

func TestAForeignProfileDoesNotExist(t *testing.T) {
	t.Parallel()
	f := newFamily(t)
	ben := f.add(named("Ben"))
	stranger := id.Viewer{Account: "other", Profile: "other"}
	ctx := t.Context()
	for _, x := range []id.Profile{ben.ID, "none"} {
		_, err := f.ChangeProfile(ctx, stranger, x, named("Mine"), proven)
		f.expect(account.ErrNoProfile, err, "change")
		f.expect(account.ErrNoProfile, f.RemoveProfile(ctx, stranger, "s", x, proven), "remove")
		f.expect(account.ErrNoProfile, f.ResetPIN(ctx, stranger.Account, x, "1234", proven), "reset")
		_, err = f.Enter(ctx, stranger, "s", x, account.Unlock{})
		f.expect(account.ErrNoProfile, err, "enter")
		_, err = f.SetPicture(ctx, stranger, x, nil)
		f.expect(account.ErrNoProfile, err, "set picture")
		_, _, err = f.Picture(ctx, stranger.Account, x)
		f.expect(account.ErrNoProfile, err, "picture")
	}
}

func TestPIN(t *testing.T) {
	t.Parallel()
	f := newFamily(t)
	c := named("Ben")
	c.PIN = account.To("0042")
	ben := f.add(c)
	enter := func(pin string) error {
		_, err := f.Enter(t.Context(), f.anna, "s", ben.ID, account.Unlock{PIN: pin})
		return err
	}
	f.expect(account.ErrPINNeeded, enter(""), "without")
	for left := 4; left >= 0; left-- {
		err := enter("1111")
		var w account.WrongPIN
		if !errors.As(err, &w) || w.TriesLeft() != left || !errors.Is(err, account.ErrPINWrong) {
			t.Errorf("got %v, want %d tries left", err, left)
		}
	}
	var locked account.Locked
	if err := enter("0042"); !errors.As(err, &locked) || locked.RetryAfter() != time.Minute || !errors.Is(err, account.ErrPINLocked) {
		t.Errorf("after five wrong ones: %v", err)
	}
	f.now = f.now.Add(59 * time.Second)
	f.expect(account.ErrPINLocked, enter("0042"), "59 seconds later")
	f.now = f.now.Add(2 * time.Second)
	f.expect(account.ErrPINWrong, enter("1111"), "a minute later")
	f.expect(nil, enter("0042"), "the right one")
	for range 4 {
		f.expect(account.ErrPINWrong, enter("1111"), "counted from the start again")
	}
	f.expect(account.ErrPasswordNeeded, f.ResetPIN(t.Context(), f.anna.Account, ben.ID, "", none), "forgotten, without the password")
	f.expect(errPassword, f.ResetPIN(t.Context(), f.anna.Account, ben.ID, "", wrong), "forgotten, with a wrong password")
	f.expect(nil, f.ResetPIN(t.Context(), f.anna.Account, ben.ID, "7777", proven), "forgotten")
	f.expect(nil, enter("7777"), "the new one")
	f.expect(nil, f.ResetPIN(t.Context(), f.anna.Account, ben.ID, "", proven), "taken away")
	f.expect(nil, enter(""), "none")
}

func TestManyPINsAtOnce(t *testing.T) {
	t.Parallel()
	f := newFamily(t)
	c := named("Ben")
	c.PIN = account.To("0042")
	ben := f.add(c)
	var mu sync.Mutex
	wrong, locked := 0, 0
	var wg sync.WaitGroup
	for i := range 40 {
		wg.Go(func() {
			_, err := f.Enter(t.Context(), f.anna, "s", ben.ID, account.Unlock{PIN: fmt.Sprint(1000 + i)})
			mu.Lock()
			defer mu.Unlock()
			switch {
			case errors.Is(err, account.ErrPINWrong):
				wrong++
			case errors.Is(err, account.ErrPINLocked):
				locked++
			default:
				t.Errorf("got %v", err)
			}
		})
	}
	wg.Wait()
	if wrong != 5 || locked != 35 {
		t.Errorf("%d were tried, %d had to wait", wrong, locked)
	}
}

func TestLeavingAKidsProfile(t *testing.T) {
	t.Parallel()
	f := newFamily(t)
	mia := f.add(kids("Mia"))
	leave := func(answer string) error {
		_, err := f.Enter(t.Context(), f.as(mia), "s", f.anna.Profile, account.Unlock{Exit: answer})
		return err
	}
	answer := func() string {
		t.Helper()
		q, err := f.ExitQuestion(t.Context(), "s")
		var a, b int
		if n, scanned := fmt.Sscanf(q, "%d × %d", &a, &b); err != nil || n != 2 || a < 12 || b < 6 {
			t.Fatalf("asked %q: %v, %v", q, err, scanned)
		}
		return fmt.Sprint(a * b)
	}
	f.expect(account.ErrExitNeeded, leave(""), "without an answer")
	f.expect(account.ErrExitWrong, leave("72"), "an answer to no question")
	right := answer()
	f.expect(account.ErrExitWrong, leave("1"), "a wrong answer")
	f.expect(account.ErrExitWrong, leave(right), "a second answer to one question")
	f.expect(nil, leave(" "+answer()+" "), "the right one")

	if _, err := f.Enter(t.Context(), f.as(mia), "s", mia.ID, account.Unlock{}); err != nil {
		t.Errorf("to itself: %v", err)
	}
	right = answer()
	f.now = f.now.Add(11 * time.Minute)
	f.expect(account.ErrExitWrong, leave(right), "an old question")
	for range 4 {
		f.expect(account.ErrExitWrong, leave("1"), "guessing")
	}
	var locked account.Locked
	if _, err := f.ExitQuestion(t.Context(), "s"); !errors.As(err, &locked) || !errors.Is(err, account.ErrExitLocked) {
		t.Errorf("a question after five wrong answers: %v", err)
	}
	f.expect(account.ErrExitLocked, leave(right), "an answer after five wrong ones")
	f.now = f.now.Add(time.Minute + time.Second)
	f.expect(nil, leave(answer()), "a minute later")

	if err := f.ResetPIN(t.Context(), f.anna.Account, f.anna.Profile, "1234", proven); err != nil {
		t.Fatal(err)
	}
	f.expect(account.ErrPINNeeded, leave(answer()), "a PIN goes before the question")
	if p, err := f.Enter(t.Context(), f.as(mia), "s", f.anna.Profile, account.Unlock{PIN: "1234"}); err != nil || p.ID != f.anna.Profile {
		t.Errorf("with the PIN: %+v, %v", p, err)
	}
}

// drawing is a PNG with a red middle and clear sides.
func drawing(t *testing.T, width, height int) []byte {
	t.Helper()
	m := image.NewNRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		for x := width / 4; x < width*3/4; x++ {
			m.Set(x, y, color.NRGBA{R: 255, A: 255})
		}
	}
	var out bytes.Buffer
	if err := png.Encode(&out, m); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestPicture(t *testing.T) {
	t.Parallel()
	f := newFamily(t)
	ctx, x := t.Context(), f.anna.Profile
	if _, _, err := f.Picture(ctx, f.anna.Account, x); !errors.Is(err, account.ErrNoPicture) {
		t.Errorf("before: %v", err)
	}
	p, err := f.SetPicture(ctx, f.anna, x, drawing(t, 400, 100))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.SetPicture(ctx, f.anna, x, drawing(t, 400, 100)); err != nil {
		t.Errorf("the same again: %v", err)
	}
	key, data, err := f.Picture(ctx, f.anna.Account, x)
	if err != nil || key != p.Picture || !strings.HasPrefix(key, "avatars/") {
		t.Fatalf("%q, %v", key, err)
	}
	m, err := jpeg.Decode(bytes.NewReader(data))
	if err != nil || m.Bounds() != image.Rect(0, 0, 256, 256) {
		t.Fatalf("%v, %v", m.Bounds(), err)
	}
	if r, g, b, _ := m.At(128, 128).RGBA(); r>>8 < 240 || g>>8 > 15 || b>>8 > 15 {
		t.Errorf("the middle is %d %d %d, want red", r>>8, g>>8, b>>8)
	}
	webp, err := base64.StdEncoding.DecodeString("UklGRhwAAABXRUJQVlA4TA8AAAAvB8ABAAcQ9Y/+ByKi/wEA") // eight pixels of red, both ways
	if err != nil {
		t.Fatal(err)
	}
	if red, err := f.SetPicture(ctx, f.anna, x, webp); err != nil || red.Picture != key {
		t.Errorf("red as WebP: %+v, %v", red, err)
	}
	second, err := f.SetPicture(ctx, f.anna, x, drawing(t, 100, 400))
	if err != nil || second.Picture == key {
		t.Fatalf("%+v, %v", second, err)
	}
	if _, err := f.blobs.Stat(ctx, key); !errors.Is(err, blob.ErrNotFound) {
		t.Errorf("the picture before stays: %v", err)
	}
	after, err := f.ChangeProfile(ctx, f.anna, x, account.ProfileChange{Avatar: account.To("owl")}, none)
	if err != nil || after.Picture != "" || after.Avatar != "owl" {
		t.Errorf("%+v, %v", after, err)
	}
	for info, err := range f.blobs.List(ctx, "avatars/") {
		t.Errorf("%s stays (%v)", info.Key, err)
	}
}

// A phone that is held upright stores its photograph lying on a side and says so in an Exif tag.
func TestAPictureStandsUpright(t *testing.T) {
	t.Parallel()
	f := newFamily(t)
	for orientation := byte(1); orientation <= 8; orientation++ {
		photograph := picturetest.Photograph(t, orientation)
		if _, err := f.SetPicture(t.Context(), f.anna, f.anna.Profile, photograph); err != nil {
			t.Fatal(err)
		}
		_, data, err := f.Picture(t.Context(), f.anna.Account, f.anna.Profile)
		if err != nil {
			t.Fatal(err)
		}
		picturetest.CheckUpright(t, fmt.Sprintf("orientation %d", orientation), data, image.Pt(256, 256))
	}
}

func TestPicturesThatAreNotTaken(t *testing.T) {
	t.Parallel()
	f := newFamily(t)
	huge := drawing(t, 1, 1)
	copy(huge[16:24], []byte{0, 1, 0, 0, 0, 1, 0, 0}) // 65 536 × 65 536 pixels, and the sum over the header
	binary.BigEndian.PutUint32(huge[29:33], crc32.ChecksumIEEE(huge[12:29]))
	var moving bytes.Buffer
	if err := gif.Encode(&moving, image.NewPaletted(image.Rect(0, 0, 2, 2), color.Palette{color.Black}), nil); err != nil {
		t.Fatal(err)
	}
	cut := drawing(t, 300, 300)
	for what, data := range map[string][]byte{
		"nothing": nil, "words": []byte("<svg onload=alert(1)>"), "too many pixels": huge, "a GIF": moving.Bytes(),
		"half a picture": cut[:len(cut)/2], "too many bytes": append(drawing(t, 2, 2), make([]byte, account.PictureBytes)...),
	} {
		if _, err := f.SetPicture(t.Context(), f.anna, f.anna.Profile, data); !errors.Is(err, account.ErrPicture) {
			t.Errorf("%s: %v", what, err)
		}
	}
}
