package console

import (
	"context"
	"net/http"
	"strconv"

	"github.com/qianyi-dev/qianyi/nlp"
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/access"
	"github.com/qianyi-dev/qianyi/triage/cascade"
	"github.com/qianyi-dev/qianyi/triage/learn"
)

// LearningDeps is what the page of the model needs beside the card. Opinions is
// nil without a language model.
type LearningDeps struct {
	Models   Models
	Desk     ModelDesk
	Opinions OpinionFigures
	// Fixed says that the configuration names the model.
	Fixed bool
}

// Models shows what was learned.
type Models interface {
	Models(ctx context.Context, pack string, limit int) ([]learn.Model, error)
	Report(ctx context.Context, pack string) (learn.Report, error)
}

// ModelDesk changes the model in use, [learn.Learner].
type ModelDesk interface {
	// Ask makes the next run of the job learn from any new label.
	Ask(by string)
	Rollback(ctx context.Context, id int64, by string) error
}

var _ ModelDesk = (*learn.Learner)(nil)

// OpinionFigures are what a language model has cost and is worth,
// [cascade.Reviewer].
type OpinionFigures interface {
	Figures(ctx context.Context) (cascade.Figures, error)
}

// learnJob is the scheduled job that learns.
const learnJob = "learn"

// modelsShown is how many models the page lists.
const modelsShown = 20

// learningPages are the templates of this slice; that of the model is a page of
// every console.
var learningPages = []string{}

func (c *Console) learningRoutes() []route {
	if c.d.Learning == nil {
		return nil
	}
	return []route{
		{"POST /model/learn", access.ModelManage, c.learnNow},
		{"POST /models/{id}/rollback", access.ModelManage, c.rollBackModel},
	}
}

// modelView is the card of the model, the types of the pack, and how the model
// does.
type modelView struct {
	Known    bool
	Card     nlp.Card
	Pack     string
	Types    []typeRow
	Learning *learningView // nil where nothing is learned
}

type typeRow struct {
	Code       string
	Name       string
	Department string
	Subtypes   []string
	Href       string // of the cases of the type
}

func (c *Console) showModel(v *visit) error {
	catalogue := c.d.Cases.Catalogue()
	view := modelView{Pack: catalogue.PackCode()}
	if c.d.Card != nil {
		view.Card, view.Known = c.d.Card()
	}
	for _, t := range catalogue.Types() {
		row := typeRow{
			Code: t.Code, Name: nameIn(v.lang, t), Department: t.Department,
			Href: queueState{Type: t.Code, Status: anyStatus}.link("/"),
		}
		for _, s := range t.Subtypes {
			row.Subtypes = append(row.Subtypes, nameIn(v.lang, s))
		}
		view.Types = append(view.Types, row)
	}
	if c.d.Learning != nil {
		learning, err := c.learningView(v, view.Pack)
		if err != nil {
			return err
		}
		view.Learning = learning
	}
	return c.render(v, http.StatusOK, "model", page{Title: "nav.model", Nav: "/model", View: view})
}

func (c *Console) learnNow(v *visit) error {
	if c.d.Jobs == nil {
		return c.notFound(v)
	}
	c.d.Learning.Desk.Ask(v.user.Name)
	err := c.d.Jobs.RunNow(v.r.Context(), learnJob, v.user.Name)
	if triage.CodeOf(err) == triage.CodeConflict {
		return c.redirect(v, "/model", "job_running")
	}
	if err != nil {
		return err
	}
	return c.redirect(v, "/model", "learning")
}

func (c *Console) rollBackModel(v *visit) error {
	id, err := strconv.ParseInt(v.r.PathValue("id"), 10, 64)
	if err != nil {
		return c.notFound(v)
	}
	if err := c.d.Learning.Desk.Rollback(v.r.Context(), id, v.user.Name); err != nil {
		return err
	}
	return c.redirect(v, "/model", "rolled_back")
}
