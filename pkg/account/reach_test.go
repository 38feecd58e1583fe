package account_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"movify/pkg/account"
	"movify/pkg/id"
)

func TestReach(t *testing.T) {
	t.Parallel()
	roots := func(list ...id.Root) account.Rights {
		return account.Rights{Reach: account.ReachChange{Roots: account.To(append([]id.Root{}, list...))}}
	}
	channels := account.Rights{Reach: account.ReachChange{Channels: account.To([]id.Collection{"anime"})}}
	lifted := account.Rights{Reach: account.ReachChange{Roots: account.FieldChange[[]id.Root]{Set: true}}}
	promoted := account.Rights{Role: ptr(account.Admin)}
	both := account.Rights{Role: ptr(account.Admin), Reach: roots("films").Reach}
	for name, c := range map[string]struct {
		of    func(*harness) account.Account
		steps []account.Rights
		want  account.Reach
		err   error
	}{
		"a member sees two folders":       {member, []account.Rights{roots("kids", "films", "kids")}, account.Reach{Roots: []id.Root{"films", "kids"}}, nil},
		"a member sees none":              {member, []account.Rights{roots()}, account.Reach{Roots: []id.Root{}}, nil},
		"folders and channels":            {member, []account.Rights{roots("films"), channels}, account.Reach{Roots: []id.Root{"films"}, Channels: []id.Collection{"anime"}}, nil},
		"other rights leave it":           {member, []account.Rights{roots("films"), {Streams: ptr(2)}}, account.Reach{Roots: []id.Root{"films"}}, nil},
		"the limit is lifted":             {member, []account.Rights{roots("films"), channels, lifted}, account.Reach{Channels: []id.Collection{"anime"}}, nil},
		"nothing was limited":             {member, []account.Rights{lifted}, account.Reach{}, nil},
		"an admin is not limited":         {admin, []account.Rights{roots("films")}, account.Reach{}, account.ErrReach},
		"nor the owner":                   {boss, []account.Rights{channels}, account.Reach{}, account.ErrReach},
		"nor who is made one":             {member, []account.Rights{both}, account.Reach{}, account.ErrReach},
		"who is promoted sees everything": {member, []account.Rights{roots("films"), promoted}, account.Reach{}, nil},
		"a list without end":              {member, []account.Rights{roots(make([]id.Root, 201)...)}, account.Reach{}, account.ErrReach},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newHarness(t, nil)
			target := c.of(s)
			var err error
			for _, step := range c.steps {
				if _, err = s.SetRights(t.Context(), s.boss.ID, target.ID, step); err != nil {
					break
				}
			}
			if !errors.Is(err, c.err) || c.err == nil && err != nil {
				t.Fatalf("got %v, want %v", err, c.err)
			}
			rows, err := s.Users(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			for _, row := range rows {
				want := account.Reach{}
				if row.Account.ID == target.ID {
					want = c.want
				}
				if diff := cmp.Diff(want, row.Reach); diff != "" {
					t.Errorf("%s (-want +got):\n%s", row.Account.FirstName, diff)
				}
			}
		})
	}
}
