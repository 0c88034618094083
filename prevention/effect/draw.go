package effect

import (
	"bytes"
	"cmp"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"math"
	"slices"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/triage"
)

// MaxHoldout is the largest part of a cohort that may be held out.
const MaxHoldout = 0.5

// Draw assigns every customer to an arm: the part holdout of them (limited to
// 0 to MaxHoldout, rounded to whole customers) is held, the others are told.
// The order is that of HMAC-SHA-256 of the customer under the seed, so that it
// is random without knowledge of the seed, the same whenever it is drawn, and
// independent of the order of customers and of duplicates among them.
func Draw(customers []triage.CustomerID, holdout float64, seed uint64) map[triage.CustomerID]prevention.Arm {
	type ticket struct {
		customer triage.CustomerID
		sum      []byte
	}
	mac := hmac.New(sha256.New, binary.BigEndian.AppendUint64(nil, seed))
	arms := make(map[triage.CustomerID]prevention.Arm, len(customers))
	tickets := make([]ticket, 0, len(customers))
	for _, id := range customers {
		if _, drawn := arms[id]; drawn {
			continue
		}
		arms[id] = prevention.ArmTold
		mac.Reset()
		mac.Write([]byte(id))
		tickets = append(tickets, ticket{id, mac.Sum(nil)})
	}
	slices.SortFunc(tickets, func(a, b ticket) int {
		return cmp.Or(bytes.Compare(a.sum, b.sum), cmp.Compare(a.customer, b.customer))
	})
	if math.IsNaN(holdout) {
		holdout = 0
	}
	held := int(math.Round(min(max(holdout, 0), MaxHoldout) * float64(len(tickets))))
	for _, t := range tickets[:held] {
		arms[t.customer] = prevention.ArmHeld
	}
	return arms
}
