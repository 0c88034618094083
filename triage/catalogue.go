package triage

// TypeInfo describes one type of the pack for people.
type TypeInfo struct {
	Code       string     `json:"code"`
	Name       string     `json:"name"`
	NameEN     string     `json:"name_en"`
	Department string     `json:"department"`
	Subtypes   []TypeInfo `json:"subtypes,omitempty"`
	// Notes tell the agent how to handle such a case.
	Notes []string `json:"notes,omitempty"`
}

// Catalogue lists the types of the pack in use.
type Catalogue interface {
	PackCode() string
	Types() []TypeInfo
}

// FindType returns the entry of a type or sub-type code, and whether there is
// one.
func FindType(c Catalogue, code string) (TypeInfo, bool) {
	for _, t := range c.Types() {
		if t.Code == code {
			return t, true
		}
		for _, s := range t.Subtypes {
			if s.Code == code {
				return s, true
			}
		}
	}
	return TypeInfo{}, false
}
