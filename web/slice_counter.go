package web

import "github.com/danielgtaylor/huma/v2"

// CounterDeps is what the paths of this part need.
type CounterDeps struct{}

func (s *Server) counterRoutes(huma.API) {
	if s.d.Counter == nil {
		return
	}
}
