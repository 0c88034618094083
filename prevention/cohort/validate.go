package cohort

import (
	"fmt"
	"strings"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/triage"
)

const (
	maxConditions = 5
	maxRegions    = 500
	maxRuleAttrs  = 20
	maxName       = 200 // bytes
)

// Validate says whether a rule can be applied: it has a condition, every
// condition a kind and a time that is not empty, and nothing is longer than a
// record can be. A key of "" is any key of the kind. The error is a
// *triage.Error of CodeInvalid that names the field, such as
// "conditions[0].kind".
func Validate(r prevention.Rule) error {
	if len(r.Conditions) == 0 {
		return triage.FieldErrorf("conditions", "至少要有一个条件，否则不会匹配任何客户")
	}
	if len(r.Conditions) > maxConditions {
		return triage.FieldErrorf("conditions", "最多 %d 个条件", maxConditions)
	}
	for i := range r.Conditions {
		if err := validateCondition(fmt.Sprintf("conditions[%d]", i), &r.Conditions[i]); err != nil {
			return err
		}
	}
	if len(r.Regions) > maxRegions {
		return triage.FieldErrorf("regions", "最多 %d 个地区", maxRegions)
	}
	for i, name := range r.Regions {
		if err := validateName(fmt.Sprintf("regions[%d]", i), name, true); err != nil {
			return err
		}
	}
	return nil
}

func validateCondition(field string, c *prevention.Condition) error {
	if err := validateName(field+".kind", c.Kind, true); err != nil {
		return err
	}
	if err := validateName(field+".key", c.Key, false); err != nil {
		return err
	}
	if len(c.Attrs) > maxRuleAttrs {
		return triage.FieldErrorf(field+".attrs", "最多 %d 个属性", maxRuleAttrs)
	}
	for name, value := range c.Attrs {
		if err := validateName(field+".attrs", name, true); err != nil {
			return err
		}
		if err := validateName(field+".attrs."+name, value, false); err != nil {
			return err
		}
	}
	if !c.To.IsZero() && !c.From.Before(c.To) {
		return triage.FieldErrorf(field+".to", "结束时间必须晚于开始时间")
	}
	return nil
}

func validateName(field, name string, required bool) error {
	switch {
	case required && strings.TrimSpace(name) == "":
		return triage.FieldErrorf(field, "不能为空")
	case len(name) > maxName:
		return triage.FieldErrorf(field, "超过 %d 字节", maxName)
	}
	return nil
}
