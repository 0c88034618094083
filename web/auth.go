package web

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"net"
	"net/http"
	"net/netip"
	"strings"

	"github.com/gin-gonic/gin"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/access"
)

// authenticate lets clients with a token in: one of the configuration, whose
// holder may do everything, or an API key, which may do a part of what its owner
// may. Without configured tokens it also lets programs on this machine in that
// show none.
func (s *Server) authenticate(c *gin.Context) {
	r := requestOf(c.Request.Context())
	header := c.GetHeader("Authorization")
	if len(s.d.Tokens) == 0 && header == "" {
		if !isLocal(c.Request) {
			writeProblem(c, newProblem(triage.CodeForbidden,
				"the API is open to this machine only; make an API key in the console, or configure an API token (api.tokens), to use it from elsewhere"))
			return
		}
		r.actor, r.client, r.rights = "api:local", "local", access.All
		return
	}
	scheme, token, _ := strings.Cut(header, " ")
	token = strings.TrimSpace(token)
	if !strings.EqualFold(scheme, "Bearer") || token == "" {
		unauthenticated(c)
		return
	}
	if name := s.holder(token); name != "" {
		r.actor, r.client, r.rights = "api:"+name, "token:"+name, access.All
		return
	}
	known, err := s.admitKey(c.Request.Context(), r, token)
	switch {
	case err != nil:
		s.logFailure(c.Request.Context(), err)
		writeProblem(c, problemOf(err, "header"))
	case !known:
		unauthenticated(c)
	}
}

func unauthenticated(c *gin.Context) {
	writeProblem(c, newProblem(triage.CodeUnauthed, "send a valid API token as Authorization: Bearer TOKEN").
		with("WWW-Authenticate", `Bearer realm="qianyi"`))
}

// holder returns whose token it is, "" for an unknown one. Its time does not
// depend on how much of a token is right.
func (s *Server) holder(token string) string {
	sum := sha256.Sum256([]byte(token))
	presented := []byte(hex.EncodeToString(sum[:]))
	holder := ""
	for hash, name := range s.d.Tokens {
		if subtle.ConstantTimeCompare(presented, []byte(strings.ToLower(hash))) == 1 {
			holder = name
		}
	}
	return holder
}

// isLocal says whether a request was made by a program on this machine, for
// itself: not by a proxy that passes on someone else's, and not by a web page
// whose host name was made to point here (DNS rebinding).
func isLocal(r *http.Request) bool {
	remote, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil || !remote.Addr().Unmap().IsLoopback() {
		return false
	}
	for _, h := range []string{"Forwarded", "X-Forwarded-For", "X-Real-Ip"} {
		if r.Header.Get(h) != "" {
			return false
		}
	}
	host, _, err := net.SplitHostPort(r.Host)
	if err != nil {
		host = strings.Trim(r.Host, "[]")
	}
	if strings.EqualFold(host, "localhost") {
		return true
	}
	addr, err := netip.ParseAddr(host)
	return err == nil && addr.IsLoopback()
}
