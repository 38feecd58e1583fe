package fault_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"movify/pkg/fault"
)

var errGone = fault.New(fault.NotFound, "gone", "It is gone.")

func TestAFaultIsItselfWhateverItCarries(t *testing.T) {
	t.Parallel()
	disk := errors.New("disk on fire")
	err := fmt.Errorf("open: %w", errGone.Because(disk).Saying("The film is gone."))
	if !errors.Is(err, errGone) {
		t.Error("it is not the declared fault")
	}
	if !errors.Is(err, disk) {
		t.Error("its cause is lost")
	}
	f := fault.Of(err)
	if f.Kind != fault.NotFound || f.Code != "gone" || f.Message != "The film is gone." {
		t.Errorf("it is %+v", f)
	}
	if errGone.Message != "It is gone." {
		t.Error("the declaration was changed")
	}
	if strings.Contains(f.Message, "fire") || !strings.Contains(err.Error(), "fire") {
		t.Errorf("the cause belongs in the log (%v), not in the words (%s)", err, f.Message)
	}
}

func TestAnErrorWithoutWordsIsInternal(t *testing.T) {
	t.Parallel()
	secret := errors.New("dial postgres://user:secret@db")
	f := fault.Of(secret)
	if f.Kind != fault.Internal || strings.Contains(f.Message, "secret") || !errors.Is(f, secret) {
		t.Errorf("it is %+v", f)
	}
	if other := fault.New(fault.NotFound, "other", ""); errors.Is(f, other) {
		t.Error("two codes are one fault")
	}
}
