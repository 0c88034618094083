package console

import (
	"bytes"
	"context"
	"io"
	"net/url"
	"strings"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/access"
	"github.com/qianyi-dev/qianyi/triage/privacy"
)

// Persons gives people what is stored about them, or takes it away.
type Persons interface {
	Export(ctx context.Context, id triage.CustomerID, by string, w io.Writer) error
	Erase(ctx context.Context, id triage.CustomerID, by, reason string) (privacy.Erased, error)
}

var _ Persons = (*privacy.Service)(nil)

var privacyWords = map[string]phrase{
	"person.data":       {"个人信息", "Personal data"},
	"person.export":     {"导出全部个人信息", "Export all personal data"},
	"person.erase":      {"删除个人信息", "Erase personal data"},
	"person.erase.line": {"姓名、联系方式、投诉原文和沟通内容将被永久删除，统计数据保留。有未办结的投诉时不能删除。", "Name, addresses, the words of complaints and conversations are deleted for ever; what is counted stays. Not while a complaint is open."},
	"person.erase.why":  {"删除依据（谁、以何种方式提出）", "Who asked for it, and how"},
	"person.erase.same": {"再次输入客户号以确认", "Type the customer id again"},

	"wrong.erase.same":   {"客户号不一致，没有删除任何内容", "The id differs; nothing was erased"},
	"wrong.erase.reason": {"请写明删除依据", "Say who asked for it"},
	"wrong.erase.open":   {"还有未办结的投诉，请先办结或撤诉", "A complaint is still open; close or withdraw it first"},
	"toast.person_erased": {
		"个人信息已删除，统计数据保留", "The personal data is erased; what is counted stays",
	},
}

func (c *Console) privacyRoutes() []route {
	if c.d.People == nil || c.d.People.Persons == nil {
		return nil
	}
	return []route{
		{"GET /customers/{id}/person.json", access.PersonExport, c.exportPerson},
		{"POST /customers/{id}/erase", access.PersonErase, c.erasePerson},
	}
}

// exportPerson sends everything about a person; the entry in the trail comes first.
func (c *Console) exportPerson(v *visit) error {
	id := v.customerID()
	if _, err := c.d.People.Customers.File(v.r.Context(), id); err != nil {
		return err
	}
	var b bytes.Buffer // a person's rows are few, and an error must not come after half of them
	if err := c.d.People.Persons.Export(v.r.Context(), id, v.user.Name, &b); err != nil {
		return err
	}
	h := v.w.Header()
	h.Set("Content-Type", "application/json; charset=utf-8")
	h.Set("Content-Disposition", `attachment; filename="person.json"; filename*=UTF-8''`+url.PathEscape("个人信息-"+string(id)+".json"))
	_, _ = b.WriteTo(v.w) // the reader may have gone
	return nil
}

// erasePerson wants the id typed once more: there is no way back.
func (c *Console) erasePerson(v *visit) error {
	id := v.customerID()
	if v.r.PostForm.Get("same") != string(id) {
		return c.refuseCustomer(v, "erase", triage.FieldErrorf("same", "is not the id of the customer"))
	}
	_, err := c.d.People.Persons.Erase(v.r.Context(), id, v.user.Name, strings.TrimSpace(v.r.PostForm.Get("reason")))
	switch {
	case triage.CodeOf(err) == triage.CodeConflict:
		return c.refuseCustomer(v, "erase", triage.FieldErrorf("open", "a case is open"))
	case err != nil:
		return c.refuseCustomer(v, "erase", err)
	}
	return c.redirect(v, "/customers", "person_erased")
}
