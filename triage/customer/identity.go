package customer

import "github.com/qianyi-dev/qianyi/triage"

// Identity is what is known of somebody who turned up on some channel.
type Identity struct {
	ID      triage.CustomerID
	Phone   triage.Phone
	Email   triage.Email
	OrderID string
	Name    triage.PersonName
}

// Basis is what somebody was recognised by.
type Basis string

// The bases, the strongest first.
const (
	ByID    Basis = "id"
	ByPhone Basis = "phone"
	ByEmail Basis = "email"
	ByOrder Basis = "order"
)

// Strength says how far a match can be trusted.
type Strength string

// The strengths. What is no more than Weak is never used without a person.
const (
	// Certain is the id that the source itself gave.
	Certain Strength = "certain"
	// Strong is a phone or e-mail address of one person only.
	Strong Strength = "strong"
	// Likely is an order of one person only.
	Likely Strength = "likely"
	// Weak is a hit that something speaks against: another name, another person
	// by another basis.
	Weak Strength = "weak"
)

// Found is who an identity belongs to.
type Found struct {
	// Customer stands for the person; "" when nobody fits, or more than one.
	Customer triage.CustomerID
	Basis    Basis
	Strength Strength
	// Candidates are the persons to choose from when it cannot be decided.
	Candidates []Candidate
}

// Ambiguous says whether a person has to choose.
func (f *Found) Ambiguous() bool { return f.Customer == "" && len(f.Candidates) > 0 }

// Candidate is somebody who may be the same person.
type Candidate struct {
	Record   Record
	Basis    Basis
	Strength Strength
}
