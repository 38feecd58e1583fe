package catalogue

import (
	"context"
	"fmt"
	"iter"
	"maps"
	"slices"

	"movify/library"

	"movify/pkg/id"
)

// ruleBatch is the number of titles per step of applying rules.
const ruleBatch = 200

// ruleQueue lists the titles whose rules are to be applied. It is kept in memory only: at the start all are queued.
type ruleQueue struct {
	all    bool
	titles map[id.Title]bool
}

// queueAllRules queues every title.
func (s *Service) queueAllRules() {
	s.rulesMu.Lock()
	s.rulesPending.all = true
	s.rulesMu.Unlock()
	s.ruleWake.Set()
}

// queueRules queues a title; the rules are applied to its movie or series.
func (s *Service) queueRules(t id.Title) {
	s.rulesMu.Lock()
	if s.rulesPending.titles == nil {
		s.rulesPending.titles = make(map[id.Title]bool)
	}
	s.rulesPending.titles[t] = true
	s.rulesMu.Unlock()
	s.ruleWake.Set()
}

// ruleWorker applies the rules of collections until ctx is done.
func (s *Service) ruleWorker(ctx context.Context) error {
	s.queueAllRules()
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-s.ruleWake:
		}
		if err := s.ApplyRules(ctx); err != nil && ctx.Err() == nil {
			s.o.Logger.Warn("the rules of collections could not be applied", "error", err)
		}
	}
}

// ApplyRules applies the rules of all collections to the queued titles, after it made the collections of their sets.
func (s *Service) ApplyRules(ctx context.Context) error {
	s.rulesMu.Lock()
	todo := s.rulesPending
	s.rulesPending = ruleQueue{}
	s.rulesMu.Unlock()
	err := s.followSets(ctx, todo)
	if err == nil {
		err = s.applyRules(ctx, todo)
	}
	if err != nil {
		s.rulesMu.Lock() // the next wake-up tries everything again
		s.rulesPending.all = true
		s.rulesMu.Unlock()
		return err
	}
	return nil
}

func (s *Service) applyRules(ctx context.Context, todo ruleQueue) error {
	all, err := s.o.Store.Collections(ctx, "")
	if err != nil {
		return fmt.Errorf("list the collections: %w", err)
	}
	sets, err := s.o.Store.CollectedSets(ctx)
	if err != nil {
		return fmt.Errorf("list the collections of sets: %w", err)
	}
	automatic := make(map[id.Collection]bool, len(sets)) // they follow their sets
	for _, c := range sets {
		automatic[c.Collection] = c.Automatic
	}
	all = slices.DeleteFunc(all, func(c library.Collection) bool { return automatic[c.ID] })
	if !todo.all && !slices.ContainsFunc(all, func(c library.Collection) bool { return c.FilledBy != library.ByHand }) {
		return nil
	}
	members, err := s.o.Store.Members(ctx, "")
	if err != nil {
		return fmt.Errorf("list the titles of collections: %w", err)
	}
	now := make(map[id.Collection]map[id.Title]library.Member, len(all))
	for _, c := range all {
		now[c.ID] = make(map[id.Title]library.Member)
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

// ruleInputs yields the inputs of the queued titles, a batch at a time.
func (s *Service) ruleInputs(ctx context.Context, todo ruleQueue) iter.Seq2[[]library.RuleInput, error] {
	return func(yield func([]library.RuleInput, error) bool) {
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

// applyRulesTo adds titles to the collections whose rules hold, and removes them from those whose rules do not. A title
// without files stays where it is: it may only be unavailable.
func (s *Service) applyRulesTo(
	ctx context.Context, all []library.Collection, now map[id.Collection]map[id.Title]library.Member,
	some []library.RuleInput,
) error {
	for _, c := range all {
		var in []library.Member
		var out []id.Title
		for _, x := range some {
			m, there := now[c.ID][x.ID]
			holds := c.FilledBy != library.ByHand && c.Rule.Holds(x)
			switch {
			case holds && !there:
				in = append(in, library.Member{Collection: c.ID, Title: x.ID, ByRule: true, AddedMS: s.now()})
			case !holds && there && m.ByRule && x.HasFiles:
				out = append(out, x.ID)
			}
		}
		if len(in)+len(out) == 0 {
			continue
		}
		if err := s.o.Store.SaveMembers(ctx, c.ID, in, out); err != nil {
			return fmt.Errorf("apply the rule of a collection: %w", err)
		}
		s.publish(c.ID)
	}
	return nil
}
