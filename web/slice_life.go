package web

import "github.com/danielgtaylor/huma/v2"

func (s *Server) lifeRoutes(huma.API) {}
