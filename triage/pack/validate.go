package pack

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/qianyi-dev/qianyi/nlp"
)

// validate checks what the YAML decoder cannot.
func (p *Pack) validate() error {
	switch {
	case p.Code == "":
		return errors.New("code: is missing")
	case p.Name == "":
		return errors.New("name: is missing")
	case len(p.Types) < 2:
		return errors.New("types: a pack needs two types at least")
	case !(p.ReviewBelow >= 0 && p.ReviewBelow <= 1):
		return fmt.Errorf("review_below: %v is outside 0..1", p.ReviewBelow)
	case p.SLA.Respond == 0 || p.SLA.Verify == 0 || p.SLA.Resolve == 0:
		return errors.New("sla: respond, verify and resolve are all required")
	}
	for level := range p.Urgency {
		if !slices.Contains(levels, nlp.UrgencyLevel(level)) {
			return fmt.Errorf("urgency: %q is not a level; use low, normal, high or critical", level)
		}
	}
	codes, names := map[string]bool{}, map[string]string{}
	for i := range p.Types {
		t := &p.Types[i]
		if err := t.validate(codes, ""); err != nil {
			return err
		}
		if other, taken := names[t.Name]; taken {
			return fmt.Errorf("types: %s and %s have the same name %s", other, t.Code, t.Name)
		}
		names[t.Name] = t.Code
	}
	return nil
}

var levels = []nlp.UrgencyLevel{nlp.UrgencyLow, nlp.UrgencyNormal, nlp.UrgencyHigh, nlp.UrgencyCritical}

func (t *Type) validate(seen map[string]bool, parent string) error {
	switch {
	case t.Code == "":
		return errors.New("types: a type has no code")
	case seen[t.Code]:
		return fmt.Errorf("types: code %q is used twice", t.Code)
	case t.Name == "":
		return fmt.Errorf("types: %s: name: is missing", t.Code)
	case parent == "" && t.Department == "":
		return fmt.Errorf("types: %s: department: is missing", t.Code)
	case parent != "" && !strings.HasPrefix(t.Code, parent+"."):
		return fmt.Errorf("types: %s: the code of a sub-type begins with %q", t.Code, parent+".")
	case parent == "" && strings.Contains(t.Code, "."):
		return fmt.Errorf("types: %s: only the code of a sub-type has a dot", t.Code)
	case parent != "" && len(t.General) > 0:
		return fmt.Errorf("types: %s: general: belongs to the type, not to its sub-types", t.Code)
	case parent != "" && len(t.Subtypes) > 0:
		return fmt.Errorf("types: %s: a sub-type has no sub-types", t.Code)
	}
	seen[t.Code] = true
	for word, weight := range t.Words {
		if weight == 0 || !(weight >= -3 && weight <= 3) {
			return fmt.Errorf("types: %s: words: %s: weight %v is not between -3 and 3 or is 0", t.Code, word, weight)
		}
	}
	for i := range t.Subtypes {
		if err := t.Subtypes[i].validate(seen, t.Code); err != nil {
			return err
		}
	}
	return nil
}
