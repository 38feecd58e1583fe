package library

import (
	"context"
	"fmt"
	"iter"
	"maps"
	"slices"

	"movify/pkg/id"
)

// ruleBatch is of how many titles the rules of collections are followed at a time.
const ruleBatch = 200

// ruleQueue is what rules have to be followed for. It is kept in memory only: at the start they are followed for everything.
type ruleQueue struct {
	all    bool
	titles map[id.Title]bool
}

// queueAllRules has the rules followed for every title, soon.
func (s *Service) queueAllRules() {
	s.mu.Lock()
	s.rulesPending.all = true
	s.mu.Unlock()
	wake(s.ruleWake)
}

// queueRules has the rules followed for a title, or what it is part of, soon.
func (s *Service) queueRules(t id.Title) {
	s.mu.Lock()
	if s.rulesPending.titles == nil {
		s.rulesPending.titles = make(map[id.Title]bool)
	}
	s.rulesPending.titles[t] = true
	s.mu.Unlock()
	wake(s.ruleWake)
}

// ruleWorker follows the rules of collections until ctx is done.
func (s *Service) ruleWorker(ctx context.Context) error {
	s.queueAllRules()
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-s.ruleWake:
		}
		if err := s.ApplyRules(ctx); err != nil && ctx.Err() == nil {
			s.o.Logger.Warn("follow the rules of collections", "error", err)
		}
	}
}

// ApplyRules follows the rules of all collections for the titles that changed since it last did.
func (s *Service) ApplyRules(ctx context.Context) error {
	s.mu.Lock()
	todo := s.rulesPending
	s.rulesPending = ruleQueue{}
	s.mu.Unlock()
	if err := s.applyRules(ctx, todo); err != nil {
		s.mu.Lock() // the next poke tries it all again
		s.rulesPending.all = true
		s.mu.Unlock()
		return err
	}
	return nil
}

func (s *Service) applyRules(ctx context.Context, todo ruleQueue) error {
	all, err := s.o.Store.Collections(ctx, "")
	if err != nil {
		return fmt.Errorf("list the collections: %w", err)
	}
	if !todo.all && !slices.ContainsFunc(all, func(c Collection) bool { return c.FilledBy != ByHand }) {
		return nil
	}
	members, err := s.o.Store.Members(ctx, "")
	if err != nil {
		return fmt.Errorf("list the titles of collections: %w", err)
	}
	now := make(map[id.Collection]map[id.Title]Member, len(all))
	for _, c := range all {
		now[c.ID] = make(map[id.Title]Member)
	}
	for _, m := range members {
		if in, ok := now[m.Collection]; ok {
			in[m.Title] = m
		}
	}
	for some, err := range s.ruleInputs(ctx, todo) {
		if err != nil {
			return fmt.Errorf("read titles for the rules: %w", err)
		}
		if err := s.applyRulesTo(ctx, all, now, some); err != nil {
			return err
		}
	}
	return nil
}

// ruleInputs gives what there is to sort, a batch at a time.
func (s *Service) ruleInputs(ctx context.Context, todo ruleQueue) iter.Seq2[[]RuleInput, error] {
	return func(yield func([]RuleInput, error) bool) {
		if !todo.all {
			for part := range slices.Chunk(slices.Collect(maps.Keys(todo.titles)), ruleBatch) {
				if !yield(s.o.Store.RuleInputs(ctx, part, "", 0)) {
					return
				}
			}
			return
		}
		for after := id.Title(""); ; {
			some, err := s.o.Store.RuleInputs(ctx, nil, after, ruleBatch)
			if err == nil && len(some) == 0 || !yield(some, err) || err != nil {
				return
			}
			after = some[len(some)-1].ID
		}
	}
}

// applyRulesTo puts subjects into the collections whose rules hold for them, and takes them out of those whose rules do not. A
// title of which nothing is there stays where it is: what cannot be seen for now is not lost.
func (s *Service) applyRulesTo(ctx context.Context, all []Collection, now map[id.Collection]map[id.Title]Member, some []RuleInput) error {
	for _, c := range all {
		var in []Member
		var out []id.Title
		for _, x := range some {
			m, there := now[c.ID][x.ID]
			holds := c.FilledBy != ByHand && c.Rule.Holds(x)
			switch {
			case holds && !there:
				in = append(in, Member{Collection: c.ID, Title: x.ID, ByRule: true, AddedMS: s.now()})
			case !holds && there && m.ByRule && x.HasFiles:
				out = append(out, x.ID)
			}
		}
		if len(in)+len(out) == 0 {
			continue
		}
		if err := s.o.Store.SaveMembers(ctx, c.ID, in, out); err != nil {
			return fmt.Errorf("follow the rule of a collection: %w", err)
		}
		s.publish("collection", map[string]string{"collection": string(c.ID)})
	}
	return nil
}
