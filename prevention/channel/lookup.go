package channel

import (
	"context"
	"net/http"
	"slices"

	"github.com/qianyi-dev/qianyi/prevention"
)

// State is how far a message got.
type State string

// The states of a message at a gateway.
const (
	StateUnknown   State = "unknown"   // the gateway does not say, or cannot be asked
	StateAbsent    State = "absent"    // never taken
	StateAccepted  State = "accepted"  // taken, on its way
	StateDelivered State = "delivered" // on the customer's device
	StateFailed    State = "failed"    // taken, but could not be delivered
)

// LookupConfig asks for the state of a message by .Key or .Reference.
type LookupConfig struct {
	Request RequestConfig `yaml:"request"`
	// State is the path of the state in the JSON answer.
	State string `yaml:"state"`
	// Absent, Accepted, Delivered and Failed list the gateway's words.
	Absent    []string `yaml:"absent"`
	Accepted  []string `yaml:"accepted"`
	Delivered []string `yaml:"delivered"`
	Failed    []string `yaml:"failed"`
	// AbsentStatus is the HTTP status that means absent; 0 for none. Only name
	// it when nothing else, such as a wrong path, is answered so.
	AbsentStatus int `yaml:"absent_status"`
}

// CanSay says whether the gateway has a lookup.
func (g *Gateway) CanSay() bool { return g.config.Lookup != nil }

// State asks what became of a message: one way out of an unknown outcome.
// StateUnknown comes without an error when the gateway has no lookup or its
// word is not configured; an error is a *prevention.SendError.
func (g *Gateway) State(ctx context.Context, key, reference string) (State, error) {
	c := g.config.Lookup
	if c == nil {
		return StateUnknown, nil
	}
	a, err := g.ask(ctx, g.lookup, requestData{Key: key, Reference: reference})
	if err != nil {
		return StateUnknown, err
	}
	if a.status == c.AbsentStatus {
		return StateAbsent, nil
	}
	if a.status != http.StatusOK {
		return StateUnknown, failf(prevention.OutcomeUnknown, "gateway answered HTTP %d to the lookup", a.status)
	}
	body, err := decodeJSON(a.body)
	if err != nil {
		return StateUnknown, failf(prevention.OutcomeUnknown, "gateway's answer to the lookup %w", err)
	}
	word := textAt(body, c.State)
	for state, words := range map[State][]string{
		StateAbsent: c.Absent, StateAccepted: c.Accepted, StateDelivered: c.Delivered, StateFailed: c.Failed,
	} {
		if word != "" && slices.Contains(words, word) {
			return state, nil
		}
	}
	return StateUnknown, nil
}
