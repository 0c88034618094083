package web

import "github.com/danielgtaylor/huma/v2"

// MarketingDeps is what the paths of this part need.
type MarketingDeps struct{}

func (s *Server) marketingRoutes(huma.API) {
	if s.d.Marketing == nil {
		return
	}
}
