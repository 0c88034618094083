package web

import "github.com/danielgtaylor/huma/v2"

// QualityDeps is what the paths of this part need.
type QualityDeps struct{}

func (s *Server) qualityRoutes(huma.API) {
	if s.d.Quality == nil {
		return
	}
}
