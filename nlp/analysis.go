package nlp

// Analysis is everything the package can say about one text. The field names
// in JSON are those of the triage output contract.
type Analysis struct {
	// Type is the code of the best type of the pack; a text that says nothing
	// gets the likeliest one, with a low confidence.
	Type string `json:"type"`
	// Subtype is the best sub-type inside Type ("billing.topup"); "" when the
	// pack has none.
	Subtype string `json:"subtype"`
	// Confidence is the calibrated probability (0..1) that Type is right.
	Confidence float64 `json:"confidence"`
	// Alternatives are the next best types, most likely first.
	Alternatives []Alternative `json:"alternatives"`
	Sentiment    Sentiment     `json:"sentiment"`
	Urgency      Urgency       `json:"urgency"`
	Demand       Demand        `json:"demand"`
	Style        Style         `json:"customer_style"`
	// DemandReasons and StyleReasons are the words behind the two, never nil.
	DemandReasons []Reason `json:"demand_reasons"`
	StyleReasons  []Reason `json:"style_reasons"`
	Entities      []Entity `json:"entities"`
	// Reasons are the words and rules behind Type, strongest first.
	Reasons []Reason `json:"reasons"`
}

// Alternative is a type that was considered and lost.
type Alternative struct {
	Type       string  `json:"type"`
	Subtype    string  `json:"subtype"`
	Confidence float64 `json:"confidence"`
	// Source is who proposes it when it is not this program: "llm".
	Source string `json:"source,omitempty"`
}

// Reason is one piece of evidence: a word of the text, or a rule written as
// "rule:name". The weight of a reason for the type is its part of all evidence
// found, 0..1; reasons for mood are weighed against each other only.
type Reason struct {
	Text   string  `json:"text"`
	Weight float64 `json:"weight"`
}

// Polarity is the label of a sentiment.
type Polarity string

// The three polarities.
const (
	Negative Polarity = "negative"
	Neutral  Polarity = "neutral"
	Positive Polarity = "positive"
)

// Sentiment says how the customer feels: direction and strength.
type Sentiment struct {
	Label Polarity `json:"label"`
	// Score runs from -1 (negative) to 1 (positive).
	Score float64 `json:"score"`
	// Intensity is 0 calm report, 1 dissatisfied, 2 angry, 3 escalating.
	Intensity int `json:"intensity"`
	// Reasons are the words and rules behind Intensity and Score.
	Reasons []Reason `json:"reasons,omitempty"`
}

// UrgencyLevel orders cases by the harm of waiting, not by tone.
type UrgencyLevel string

// The urgency levels, lowest first.
const (
	UrgencyLow      UrgencyLevel = "low"
	UrgencyNormal   UrgencyLevel = "normal"
	UrgencyHigh     UrgencyLevel = "high"
	UrgencyCritical UrgencyLevel = "critical"
)

// Urgency is a level with the rules that set it, in Chinese for the console.
type Urgency struct {
	Level   UrgencyLevel `json:"level"`
	Reasons []string     `json:"reasons"`
}

// Demand is what the customer asks for.
type Demand string

// The demands of the labelling guide.
const (
	DemandRefund  Demand = "refund"
	DemandReplace Demand = "replace"
	DemandFix     Demand = "fix"
	DemandExplain Demand = "explain"
	DemandApology Demand = "apology"
	DemandNone    Demand = "none"
)

// Style is the kind of customer in the sense of the handling guidance.
type Style string

// The handling styles.
const (
	StyleCalm      Style = "calm"
	StyleEmotional Style = "emotional"
	StyleStubborn  Style = "stubborn"
	StylePrepared  Style = "prepared"
)

// EntityKind names what an entity is.
type EntityKind string

// The entity kinds.
const (
	EntityPhone    EntityKind = "phone"
	EntityIDNumber EntityKind = "id_number"
	EntityOrder    EntityKind = "order"
	EntityAmount   EntityKind = "amount"
	EntityTime     EntityKind = "time"
	EntityProduct  EntityKind = "product"
	EntityCampaign EntityKind = "campaign"
	EntityEmail    EntityKind = "email"
	EntityURL      EntityKind = "url"
	EntityPlace    EntityKind = "place"
)

// Entity is a typed span of the text.
type Entity struct {
	Kind EntityKind `json:"kind"`
	// Text is the span as written; Start and End are its rune offsets in the
	// original text, End exclusive.
	Text  string `json:"text"`
	Start int    `json:"start"`
	End   int    `json:"end"`
	// Value is the normal form: digits of a phone, yuan as a decimal number,
	// RFC 3339 date or time where it can be resolved, else the text itself.
	Value string `json:"value"`
}
