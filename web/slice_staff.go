package web

import "github.com/danielgtaylor/huma/v2"

// StaffDeps is what the paths of this part need.
type StaffDeps struct{}

func (s *Server) staffRoutes(huma.API) {
	if s.d.Staff == nil {
		return
	}
}
