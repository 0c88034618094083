package console

import (
	"net/http"
	"strconv"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/access"
)

// maxBatch bounds the cases of one batch.
const maxBatch = 200

// batchView is what became of a batch.
type batchView struct {
	Done   int
	Failed []batchRow
	Back   string
}

type batchRow struct{ ID, Href, Why string }

// batchCases claims, assigns or exports the cases that somebody ticked. Each
// case is a change of its own: one that is refused does not hold up the others.
func (c *Console) batchCases(v *visit) error {
	form := v.r.PostForm
	ids := form["case"]
	if len(ids) == 0 || len(ids) > maxBatch {
		return triage.FieldErrorf("case", "has %d entries: tick between 1 and %d cases", len(ids), maxBatch)
	}
	owner, department := "", ""
	switch form.Get("do") {
	case "export":
		return c.exportTicked(v, ids)
	case "claim":
		owner = v.user.Name
		if !v.may(access.CaseWork) {
			return forbidden()
		}
	case "assign":
		owner, department = formText(v, "owner"), formText(v, "department")
		if !v.may(access.CaseAssign) {
			return forbidden()
		}
		if owner == "" && department == "" {
			return triage.FieldErrorf("owner", "is empty: say who is to have the cases")
		}
	default:
		return triage.FieldErrorf("do", "is not one of claim, assign, export")
	}
	view := batchView{Back: localPath(form.Get("back"))}
	for _, id := range ids {
		if err := c.giveCase(v, triage.ComplaintID(id), owner, department); err != nil {
			row, err := c.batchRefusal(v, id, department, err)
			if err != nil {
				return err
			}
			view.Failed = append(view.Failed, row)
			continue
		}
		view.Done++
	}
	if len(view.Failed) == 0 {
		return c.redirect(v, view.Back, "given")
	}
	return c.render(v, http.StatusOK, "batch", page{Title: "batch.title", Nav: "/", View: view})
}

func forbidden() error {
	return triage.Errorf(triage.CodeForbidden, "your role may not do this; ask an administrator")
}

func (c *Console) giveCase(v *visit, id triage.ComplaintID, owner, department string) error {
	k, err := c.visibleCase(v, id)
	if err != nil {
		return err
	}
	_, err = c.d.Life.Moves.Assign(v.r.Context(), k.ID, owner, department, v.user.Name, 0)
	return err
}

// batchRefusal says why one case of a batch was left as it is; a failure of ours is
// returned as such.
func (c *Console) batchRefusal(v *visit, id, department string, err error) (batchRow, error) {
	code := triage.CodeOf(err)
	if code == triage.CodeInternal || code == triage.CodeUnavailable {
		return batchRow{}, err
	}
	why := v.lang.label("error.title", code)
	if code == triage.CodeConflict && department != "" {
		var missing error
		if why, missing = v.lang.text("batch.pass"); missing != nil {
			return batchRow{}, missing
		}
	}
	return batchRow{ID: c.maskedLine(id), Href: casePath(triage.ComplaintID(id)), Why: why}, nil
}

// exportTicked sends the ticked cases as a workbook.
func (c *Console) exportTicked(v *visit, ids []string) error {
	if !v.may(access.CaseExport) {
		return forbidden()
	}
	book, err := c.caseSheet(v.lang)
	if err != nil {
		return err
	}
	defer book.close()
	rows := 0
	for _, id := range ids {
		k, err := c.visibleCase(v, triage.ComplaintID(id))
		if triage.CodeOf(err) == triage.CodeNotFound {
			continue
		}
		if err != nil {
			return err
		}
		if err := book.add(c.exportRow(v.lang, &k)); err != nil {
			return err
		}
		rows++
	}
	detail := `{"ticked":"` + strconv.Itoa(rows) + `"}`
	if err := c.audit(v.r.Context(), v.user.Name, "export", "queue", detail); err != nil {
		return err
	}
	return book.send(v, c.exportName("qianyi", "xlsx"))
}
