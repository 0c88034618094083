package learn

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/qianyi-dev/qianyi/nlp"
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/pack"
)

// ByNight is who runs the scheduled job.
const ByNight = "system"

// significance is the chance that is accepted of ever promoting, over all runs
// against one model in use, a candidate that is not better.
const significance = 0.05

// allRuns bounds the runs that are looked through for earlier tests: a run a
// night for some years.
const allRuns = 2000

// Deps is what a Learner is made of.
type Deps struct {
	// Base is the analyser of the service without a learned model.
	Base   *pack.Analyzer
	Labels LabelStore
	Models ModelStore
	Watch  WatchStore
	// Fixed says that Base has the model in use, whatever is stored: the
	// configuration names it. Then nothing is learned.
	Fixed bool
	// Changed is called after another model became the one in use; may be nil.
	Changed func(ctx context.Context)
	// Now has the zone in which weeks begin.
	Now func() time.Time
	Log *slog.Logger
}

// Learner makes models of labels. It is safe for concurrent use: one run at a
// time in a process, and the job's lock over all.
type Learner struct {
	config Config
	d      Deps
	one    sync.Mutex
	// asked is who wants the next nightly run to learn from any new label.
	asked atomic.Pointer[string]
}

// New returns a Learner; the error names a setting that cannot be used.
func New(config Config, d Deps) (*Learner, error) {
	if err := config.Validate(); err != nil {
		return nil, err
	}
	return &Learner{config: config.withDefaults(), d: d}, nil
}

// Ask makes the next run of Nightly learn from any new label, in the name of by.
func (l *Learner) Ask(by string) { l.asked.Store(&by) }

// Nightly learns when there are labels enough that are new, and reports on the
// model in use in any case. The note says what happened.
func (l *Learner) Nightly(ctx context.Context) (note string, err error) {
	by, minNew := ByNight, l.config.MinNew
	if asked := l.asked.Swap(nil); asked != nil {
		by, minNew = *asked, 1
	}
	m, err := l.learn(ctx, by, minNew)
	switch {
	case err == nil:
		note = m.Summary()
	case triage.CodeOf(err) == triage.CodeConflict:
		note = err.Error()
	default:
		return "", err
	}
	return note, l.report(ctx)
}

// Learn learns now from whatever labels there are and renews the report.
// CodeConflict says that there is nothing to learn from, or that a run is going
// on.
func (l *Learner) Learn(ctx context.Context, by string) (Model, error) {
	m, err := l.learn(ctx, by, 1)
	if err != nil {
		return Model{}, err
	}
	return m, l.report(ctx)
}

// Rollback makes a model the one in use that was in use before, 0 for the
// shipped one. See ModelStore.Activate for the errors.
func (l *Learner) Rollback(ctx context.Context, id int64, by string) error {
	if l.d.Fixed {
		return triage.Errorf(triage.CodeConflict, "the configuration names the model (model): change it there")
	}
	if id < 0 {
		return triage.FieldErrorf("id", "%d is no model; 0 is the shipped one", id)
	}
	err := l.d.Models.Activate(ctx, Activation{ID: id, Pack: l.d.Base.PackCode(), By: by, At: l.d.Now()})
	if err != nil {
		return err
	}
	l.changed(ctx)
	return nil
}

func (l *Learner) changed(ctx context.Context) {
	if l.d.Changed != nil {
		l.d.Changed(ctx)
	}
}

// learn makes one run; minNew is how many labels must be new.
func (l *Learner) learn(ctx context.Context, by string, minNew int) (Model, error) {
	if l.d.Fixed {
		return Model{}, triage.Errorf(triage.CodeConflict, "the configuration names the model (model): nothing is learned")
	}
	if l.config.Disabled {
		return Model{}, triage.Errorf(triage.CodeConflict, "learning is off (learning.disabled)")
	}
	if !l.one.TryLock() {
		return Model{}, triage.Errorf(triage.CodeConflict, "a model is being learned already")
	}
	defer l.one.Unlock()
	p, err := l.samples(ctx)
	if err != nil {
		return Model{}, err
	}
	if err := l.enough(ctx, &p, minNew); err != nil {
		return Model{}, err
	}
	current, analyzer, err := l.current(ctx)
	if err != nil {
		return Model{}, err
	}
	looks, err := l.looks(ctx, current.ID)
	if err != nil {
		return Model{}, err
	}
	t := &trial{base: l.d.Base, current: analyzer, placed: &p, looks: looks}
	m, content, err := t.run(ctx, current, l.config.MinTests)
	if err != nil {
		return Model{}, err
	}
	m.Pack, m.At, m.By, m.Through = l.d.Base.PackCode(), l.d.Now(), by, p.through()
	m.Card.Name, m.Card.Sources = m.Pack, []string{fmt.Sprintf("labels up to %d of this service", m.Through)}
	m.State = StateCandidate
	if m.Trial.Decision == DecisionBetter {
		sum := sha256.Sum256(content)
		m.State, m.UsedFrom, m.SHA256, m.Size = StateActive, m.At, hex.EncodeToString(sum[:]), len(content)
	} else {
		content = nil
	}
	if m.ID, err = l.d.Models.AddModel(ctx, m, content); err != nil {
		return Model{}, err
	}
	l.d.Log.InfoContext(ctx, "model learned", "model", m.ID, "decision", string(m.Trial.Decision), "trained", m.Trial.Trained,
		"old", m.Trial.Old.Value, "new", m.Trial.New.Value, "p", m.Trial.P)
	if m.State == StateActive {
		l.changed(ctx)
	}
	return m, nil
}

// samples reads the labels of the pack's types and places those that are new.
func (l *Learner) samples(ctx context.Context) (placed, error) {
	all, err := l.d.Labels.Samples(ctx, l.config.MaxLabels)
	if err != nil {
		return placed{}, err
	}
	all = slices.DeleteFunc(all, func(s Sample) bool {
		known := slices.ContainsFunc(l.d.Base.Types(), func(t triage.TypeInfo) bool { return t.Code == s.Type })
		return !known || s.Text == ""
	})
	p, fresh := place(all)
	if len(fresh) == 0 {
		return p, nil
	}
	return p, l.d.Labels.Place(ctx, fresh, l.d.Now())
}

// enough is CodeConflict while too few labels are new or too few types known.
func (l *Learner) enough(ctx context.Context, p *placed, minNew int) error {
	runs, err := l.d.Models.Models(ctx, l.d.Base.PackCode(), 1)
	if err != nil {
		return err
	}
	var known int64
	if len(runs) > 0 {
		known = runs[0].Through
	}
	fresh, types := 0, map[string]bool{}
	for _, s := range p.samples {
		if s.Last > known {
			fresh++
		}
		if s.Part == PartTrain {
			types[s.Type] = true
		}
	}
	switch {
	case fresh < minNew:
		return triage.Errorf(triage.CodeConflict, "%d of %d new labels: nothing learned", fresh, minNew)
	case len(types) < 2:
		return triage.Errorf(triage.CodeConflict, "labels of %d type: two are needed at least", len(types))
	}
	return nil
}

// looks counts the tests that there were against a model.
func (l *Learner) looks(ctx context.Context, current int64) (int, error) {
	runs, err := l.d.Models.Models(ctx, l.d.Base.PackCode(), allRuns)
	n := 0
	for i := range runs {
		if t := &runs[i].Trial; t.Current == current && (t.Decision == DecisionBetter || t.Decision == DecisionChance) {
			n++
		}
	}
	return n, err
}

// current returns the model in use, its record zero for the shipped one. A file
// that cannot be used counts as the shipped one: then the service runs on that.
func (l *Learner) current(ctx context.Context) (Model, *pack.Analyzer, error) {
	if l.d.Fixed {
		return Model{}, l.d.Base, nil
	}
	m, content, err := Active(ctx, l.d.Models, l.d.Base.PackCode())
	var a *pack.Analyzer
	switch {
	case triage.CodeOf(err) == triage.CodeInternal:
	case err != nil || m.ID == 0:
		return Model{}, l.d.Base, err
	default:
		a, err = l.d.Base.WithModel(content)
	}
	if err != nil {
		l.d.Log.WarnContext(ctx, "the learned model cannot be used", "model", m.ID, "err", err)
		return Model{}, l.d.Base, nil
	}
	return m, a, nil
}

// Active returns the model in use with its file's content, the zero Model and
// none for the shipped one. A file that is not what was stored is an error of
// CodeInternal, beside the model's record.
func Active(ctx context.Context, models ModelStore, packCode string) (Model, []byte, error) {
	m, err := models.ActiveModel(ctx, packCode)
	if triage.CodeOf(err) == triage.CodeNotFound {
		return Model{}, nil, nil
	}
	if err != nil {
		return Model{}, nil, err
	}
	content, err := models.ModelFile(ctx, m.ID)
	if err != nil {
		return Model{}, nil, err
	}
	if sum := sha256.Sum256(content); hex.EncodeToString(sum[:]) != m.SHA256 {
		return m, nil, &triage.Error{
			Code: triage.CodeInternal, Message: "the learned model is damaged; roll back to another (qianyi learn rollback)",
			Err: errors.New("learn: checksum of the model's file"),
		}
	}
	return m, content, nil
}

// fileOf returns the content of a model's file.
func fileOf(m *nlp.Model) ([]byte, error) {
	var b bytes.Buffer
	if _, err := m.WriteTo(&b); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// Summary says in one line what came of the run.
func (m *Model) Summary() string {
	t := &m.Trial
	return fmt.Sprintf("model %d of %d labels: %s; %.4f against %.4f on %d unseen cases (won %d, lost %d, p %.2g, to be below %.2g)",
		m.ID, t.Trained, t.Decision, t.New.Value, t.Old.Value, t.New.Of, t.Won, t.Lost, t.P, t.Level)
}
