package console

import (
	"strconv"
	"time"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/triage"
)

// moveCluster changes the stage. A click that comes after somebody else's is
// refused by the desk when the move no longer makes sense.
func (c *Console) moveCluster(v *visit) error {
	id := v.clusterID()
	if err := c.d.Alarms.Desk.SetStage(v.r.Context(), id, prevention.Stage(v.r.PostForm.Get("stage")), v.user.Name); err != nil {
		return err
	}
	return c.redirect(v, clusterPath(id), "stage_set")
}

func (c *Console) dismissCluster(v *visit) error {
	id := v.clusterID()
	if err := c.d.Alarms.Desk.Dismiss(v.r.Context(), id, v.user.Name); err != nil {
		return err
	}
	return c.redirect(v, clusterPath(id), "dismissed")
}

func (c *Console) assignCluster(v *visit) error {
	id := v.clusterID()
	owner := v.r.PostForm.Get("owner")
	if v.r.PostForm.Get("take") != "" {
		owner = v.user.Name
	}
	if err := c.d.Alarms.Desk.Assign(v.r.Context(), id, owner, v.user.Name); err != nil {
		return c.refuseForm(v, "assign", err)
	}
	return c.redirect(v, clusterPath(id), "assigned")
}

func (c *Console) renameCluster(v *visit) error {
	id := v.clusterID()
	if err := c.d.Alarms.Desk.SetTitle(v.r.Context(), id, v.r.PostForm.Get("title"), v.user.Name); err != nil {
		return c.refuseForm(v, "rename", err)
	}
	return c.redirect(v, clusterPath(id), "renamed")
}

func (c *Console) linkSolution(v *visit) error {
	id := v.clusterID()
	if err := c.d.Alarms.Desk.SetSolution(v.r.Context(), id, v.r.PostForm.Get("solution"), v.user.Name); err != nil {
		return c.refuseForm(v, "solution", err)
	}
	return c.redirect(v, clusterPath(id), "solution_set")
}

// maxSilence bounds for how many hours alarms can be kept quiet.
const maxSilence = 7 * 24

func (c *Console) silenceCluster(v *visit) error {
	hours, err := strconv.Atoi(v.r.PostForm.Get("hours"))
	if err != nil || hours < 0 || hours > maxSilence {
		return triage.FieldErrorf("hours", "is not a number from 0 to %d", maxSilence)
	}
	until, toast := time.Time{}, "unsilenced"
	if hours > 0 {
		until, toast = c.d.Now().Add(time.Duration(hours)*time.Hour), "silenced"
	}
	id := v.clusterID()
	if err := c.d.Alarms.Desk.Silence(v.r.Context(), id, until, v.user.Name); err != nil {
		return err
	}
	return c.redirect(v, clusterPath(id), toast)
}

func (c *Console) noteCluster(v *visit) error {
	id := v.clusterID()
	if err := c.d.Alarms.Desk.AddNote(v.r.Context(), id, v.r.PostForm.Get("text"), v.user.Name); err != nil {
		return c.refuseForm(v, "note", err)
	}
	return c.redirect(v, clusterPath(id), "noted")
}

func (c *Console) addAction(v *visit) error {
	id := v.clusterID()
	due, err := c.readInputTime(v.r.PostForm.Get("due"))
	if err != nil {
		return c.refuseForm(v, "action", triage.FieldErrorf("due_at", "is not a time such as 2026-03-01 18:00"))
	}
	_, err = c.d.Alarms.Desk.PutAction(v.r.Context(), prevention.Action{
		Cluster: id, Title: v.r.PostForm.Get("title"), Department: v.r.PostForm.Get("department"),
		Owner: v.r.PostForm.Get("owner"), DueAt: due,
	}, v.user.Name)
	if err != nil {
		return c.refuseForm(v, "action", err)
	}
	return c.redirect(v, clusterPath(id), "action_added")
}

func (c *Console) doneAction(v *visit) error {
	id := v.clusterID()
	action, err := strconv.ParseInt(v.r.PathValue("action"), 10, 64)
	if err != nil {
		return c.notFound(v)
	}
	if err := c.d.Alarms.Desk.Done(v.r.Context(), id, action, v.user.Name); err != nil {
		return err
	}
	return c.redirect(v, clusterPath(id), "action_done")
}

// correctMembers moves the chosen complaints out, into another cluster, or into
// a new one.
func (c *Console) correctMembers(v *visit) error {
	id := v.clusterID()
	ctx := v.r.Context()
	target := prevention.ClusterID(v.r.PostForm.Get("target"))
	switch v.r.PostForm.Get("do") {
	case "out":
		if err := c.d.Alarms.Desk.Move(ctx, id, "", v.memberIDs(), v.user.Name); err != nil {
			return err
		}
		return c.redirect(v, clusterPath(id)+"/members", "moved_out")
	case "move":
		if target == "" {
			return triage.FieldErrorf("target", "choose the cluster to move them to")
		}
		if err := c.d.Alarms.Desk.Move(ctx, id, target, v.memberIDs(), v.user.Name); err != nil {
			return err
		}
		return c.redirect(v, clusterPath(id)+"/members", "moved")
	case "split":
		made, err := c.d.Alarms.Desk.Split(ctx, id, v.memberIDs(), v.r.PostForm.Get("title"), v.user.Name)
		if err != nil {
			return err
		}
		return c.redirect(v, clusterPath(made), "split")
	}
	return triage.FieldErrorf("do", "is not out, move or split")
}

func (c *Console) mergeCluster(v *visit) error {
	into := prevention.ClusterID(v.r.PostForm.Get("target"))
	if into == "" {
		return triage.FieldErrorf("target", "choose the cluster to merge into")
	}
	if err := c.d.Alarms.Desk.Merge(v.r.Context(), v.clusterID(), into, v.user.Name); err != nil {
		return err
	}
	return c.redirect(v, clusterPath(into), "merged")
}

// proposeCluster makes a cluster of the cases that a person chose.
func (c *Console) proposeCluster(v *visit) error {
	made, err := c.d.Alarms.Desk.Propose(v.r.Context(), v.memberIDs(), v.r.PostForm.Get("title"), v.user.Name)
	if err != nil {
		return err
	}
	return c.redirect(v, clusterPath(made), "proposed")
}
