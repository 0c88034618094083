package web

import (
	"context"

	"github.com/qianyi-dev/qianyi/prevention/campaign/launch"
	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/access"
)

// viewEarlier shows the complaints that the client may see, masked; none to one
// that may not read cases.
func (s *Server) viewEarlier(ctx context.Context, all []launch.Earlier) ([]launchStatementView, error) {
	views := []launchStatementView{}
	if !requestOf(ctx).may(access.CaseRead) {
		return views, nil
	}
	for i := range all {
		view := launchStatementView{Statement: all[i].Statement, In: all[i].In}
		for j := range all[i].Complaints {
			x := &all[i].Complaints[j]
			seen, err := s.visible(ctx, []triage.Case{x.Case})
			if err != nil {
				return nil, err
			}
			if len(seen) > 0 {
				view.Items = append(view.Items, launchComplaintView{string(x.Case.ID), s.d.Mask(x.Case.Text), x.Campaign, x.Score})
			}
		}
		if len(view.Items) > 0 {
			views = append(views, view)
		}
	}
	return views, nil
}
