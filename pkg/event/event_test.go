package event_test

import (
	"testing"

	"movify/pkg/event"
)

func TestEverySubscriberHears(t *testing.T) {
	t.Parallel()
	var bus event.Bus
	a, endA := bus.Subscribe()
	b, endB := bus.Subscribe()
	defer endB()
	bus.Publish(event.Notice{Topic: event.Jobs, Kind: "one"})
	for _, c := range []<-chan event.Notice{a, b} {
		if n := <-c; n.Kind != "one" {
			t.Errorf("heard %q", n.Kind)
		}
	}
	endA()
	endA()
	if _, open := <-a; open {
		t.Error("an ended subscription still hears")
	}
	bus.Publish(event.Notice{Kind: "two"})
	if n := <-b; n.Kind != "two" {
		t.Errorf("heard %q", n.Kind)
	}
}

func TestASlowSubscriberHoldsNobodyUp(t *testing.T) {
	t.Parallel()
	var bus event.Bus
	slow, end := bus.Subscribe()
	defer end()
	for range 1000 {
		bus.Publish(event.Notice{Kind: "many"})
	}
	if n := len(slow); n == 0 || n == 1000 {
		t.Errorf("%d notices wait, want some and not all", n)
	}
}
