package web

import "github.com/danielgtaylor/huma/v2"

// ReportsDeps is what the paths of this part need.
type ReportsDeps struct{}

func (s *Server) reportRoutes(huma.API) {
	if s.d.Reports == nil {
		return
	}
}
