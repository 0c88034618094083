package web

import "github.com/danielgtaylor/huma/v2"

// LaunchDeps is what the paths of this part need.
type LaunchDeps struct{}

func (s *Server) launchRoutes(huma.API) {
	if s.d.Launch == nil {
		return
	}
}
