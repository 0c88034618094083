package card_test

import (
	"strings"
	"testing"

	"github.com/qianyi-dev/qianyi/prevention/campaign/card"
)

// The longest complaint that is taken in must not keep the job for seconds: only
// its beginning is read.
func TestOnlyTheBeginningOfALongComplaintIsRead(t *testing.T) {
	t.Parallel()
	const cue = "活动规则不合理，霸王条款"
	if got, _ := card.CauseOf(cue + strings.Repeat("短", 100_000)); got != card.Unfair {
		t.Errorf("at the beginning: got %s", got)
	}
	if got, words := card.CauseOf(strings.Repeat("短", 100_000) + cue); got != card.OtherCause || words != nil {
		t.Errorf("after the end of what is read: got %s, %q", got, words)
	}
}
